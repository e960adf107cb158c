import { isObject } from '../json.ts';
import type { Json } from '../json.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { labelsOf, namespaceOf } from '../kubernetes/object.ts';
import { resourceOfKind } from '../kubernetes/resources.ts';
import type { Store } from '../kubernetes/store.ts';
import { hashOf } from '../seeded.ts';
import { clusterName, nodes } from '../world/places.ts';
import { outside } from './outside.ts';

/** One end of a connection, as Cilium sees it. */
export interface End {
  readonly id: string;
  readonly kind: 'pod' | 'host' | 'world';
  readonly address: string;
  readonly identity: number;
  /** Cilium's number of the endpoint on its node; 0 for what has none. */
  readonly endpointId: number;
  readonly namespace: string;
  readonly pod: string;
  readonly workload: { readonly name: string; readonly kind: string } | undefined;
  /** With their sources, as events carry them. */
  readonly labels: readonly string[];
  /** `prod-eu1-w01`; empty outside the cluster. */
  readonly node: string;
  readonly names: readonly string[];
}

export interface Ends {
  /** The pods of `namespace/workload` that exist now. */
  ofWorkload(workload: string): readonly End[];
  host(node: string): End;
  outside(nameOrAddress: string): End;
}

/** Label keys that Cilium's agents leave out of an identity by default. */
const ignored = /^(?:pod-template-hash$|statefulset\.kubernetes\.io\/|apps\.kubernetes\.io\/pod-index$)/;

export function readEnds(store: Store): Ends {
  const groups = new Map<string, End[]>();
  for (const pod of listed(store, 'Pod')) {
    const end = endOfPod(pod, store);
    const key = `${end.namespace}/${end.workload?.name ?? end.pod}`;
    groups.set(key, [...(groups.get(key) ?? []), end]);
  }
  const hosts = new Map(nodes.map(({ name, address }) => [name, hostEnd(name, address)]));
  const known = new Map(outside.map(({ name, address }) => [name, worldEnd(address, [name])]));
  return {
    ofWorkload: (workload) => groups.get(workload) ?? [],
    host: (node) => hosts.get(node) ?? hostEnd(node, '10.0.1.1'),
    outside(nameOrAddress) {
      const end = known.get(nameOrAddress) ?? worldEnd(nameOrAddress, []);
      known.set(nameOrAddress, end);
      return end;
    },
  };
}

export function listed(store: Store, kind: string): readonly KubeObject[] {
  const resource = resourceOfKind(kind);
  return resource ? store.list(resource) : [];
}

function endOfPod(pod: KubeObject, store: Store): End {
  const namespace = namespaceOf(pod);
  const name = pod.metadata.name;
  const labels = ciliumLabels(pod, namespaceLabels(store, namespace));
  return {
    id: `${namespace}/${name}`,
    kind: 'pod',
    address: textAt(pod, 'status', 'podIP'),
    identity: 1000 + (hashOf(labels.join(',')) % 60_000),
    endpointId: 100 + (hashOf(`${namespace}/${name}`) % 3900),
    namespace,
    pod: name,
    workload: workloadOf(pod),
    labels,
    node: textAt(pod, 'spec', 'nodeName'),
    names: [],
  };
}

export function namespaceLabels(store: Store, name: string): Readonly<Record<string, string>> {
  const resource = resourceOfKind('Namespace');
  const namespace = resource && store.get(resource, '', name);
  return namespace ? labelsOf(namespace) : {};
}

function ciliumLabels(pod: KubeObject, ofNamespace: Readonly<Record<string, string>>): string[] {
  const own = Object.entries(labelsOf(pod)).filter(([key]) => !ignored.test(key));
  const namespace = Object.entries(ofNamespace).map(([key, value]) => [`io.cilium.k8s.namespace.labels.${key}`, value]);
  const fixed = [
    ['io.cilium.k8s.policy.cluster', clusterName],
    ['io.cilium.k8s.policy.serviceaccount', textAt(pod, 'spec', 'serviceAccountName') || 'default'],
    ['io.kubernetes.pod.namespace', namespaceOf(pod)],
  ];
  return [...own, ...namespace, ...fixed].map(([key, value]) => `k8s:${key}=${value}`).toSorted();
}

function workloadOf(pod: KubeObject): End['workload'] {
  const owners = pod.metadata['ownerReferences'];
  const owner = Array.isArray(owners) ? owners.find(isObject) : undefined;
  if (!owner || typeof owner['name'] !== 'string') return undefined;
  const isReplicaSet = owner['kind'] === 'ReplicaSet';
  const name = isReplicaSet ? owner['name'].slice(0, owner['name'].lastIndexOf('-')) : owner['name'];
  return { name, kind: isReplicaSet ? 'Deployment' : String(owner['kind']) };
}

function hostEnd(node: string, address: string): End {
  const labels = ['reserved:host'];
  return {
    id: 'host',
    kind: 'host',
    address,
    identity: 1,
    endpointId: 0,
    namespace: '',
    pod: '',
    workload: undefined,
    labels,
    node,
    names: [],
  };
}

function worldEnd(address: string, names: readonly string[]): End {
  const known = names.map((name) => `fqdn:${name}`);
  return {
    id: `world:${address}`,
    kind: 'world',
    address,
    identity: names.length > 0 ? 16_777_217 + (hashOf(address) % 60_000) : 2,
    endpointId: 0,
    namespace: '',
    pod: '',
    workload: undefined,
    labels: [...known, 'reserved:world'],
    node: '',
    names,
  };
}

function textAt(object: KubeObject, part: string, field: string): string {
  const inner: Json | undefined = object[part];
  const value = isObject(inner) ? inner[field] : undefined;
  return typeof value === 'string' ? value : '';
}
