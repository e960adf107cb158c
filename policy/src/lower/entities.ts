import { clusterKey } from '../model/selector.ts';
import type { Selector } from '../model/selector.ts';
import { reserved } from './selectors.ts';

const label = (name: string): Selector => ({ requirements: [reserved(name)], cluster: 'any' });

const insideCluster = [
  'host',
  'remote-node',
  'init',
  'ingress',
  'health',
  'unmanaged',
  'kube-apiserver',
  'aggregate-cluster',
];

const anyCluster: Selector = {
  requirements: [{ source: 'any', key: clusterKey, operator: 'Exists', values: [] }],
  cluster: 'any',
};

const selectorsOf: Readonly<Record<string, readonly Selector[]>> = {
  all: [{ requirements: [], cluster: 'any' }],
  world: ['world', 'world-ipv4', 'world-ipv6', 'aggregate-world'].map(label),
  'world-ipv4': [label('world-ipv4')],
  'world-ipv6': [label('world-ipv6')],
  cluster: [...insideCluster.map(label), { requirements: [], cluster: 'local' }],
  'cluster-mesh': [...insideCluster, 'aggregate-cluster-mesh'].map(label).concat(anyCluster),
  host: [label('host')],
  init: [label('init')],
  ingress: [label('ingress')],
  'remote-node': ['remote-node', 'aggregate-remote-node'].map(label),
  health: [label('health')],
  unmanaged: [label('unmanaged')],
  none: [label('none')],
  'kube-apiserver': [label('kube-apiserver')],
};

export const entities: readonly string[] = Object.keys(selectorsOf);

/** The labels that an entity stands for; undefined where Cilium knows no such entity. */
export function selectorsOfEntity(entity: string): readonly Selector[] | undefined {
  return Object.hasOwn(selectorsOf, entity) ? selectorsOf[entity] : undefined;
}
