import { parseCidr } from '../model/address.ts';
import { isPortName } from '../lower/ports.ts';
import { parseProtocol } from '../model/protocol.ts';
import { clusterKey, namespaceKey, namespaceLabelPrefix, serviceAccountKey } from '../model/selector.ts';
import type { ContainerPort, EndpointDescription, EngineOptions } from '../model/world.ts';
import type { AddressBook } from './addresses.ts';
import { blockOfAddress } from './addresses.ts';
import { filterLabels } from './label-filter.ts';
import { reservedLabel } from './labels.ts';
import type { ContainerPortNumber, IdentityShape, LabelValue } from './labels.ts';

export interface EndpointContext {
  readonly cluster: string;
  readonly options: EngineOptions;
  readonly addresses: AddressBook;
}

/** Reserved identities that an endpoint can be; `cluster`, `all` and `none` are only words of policies. */
const reservedEntities = [
  'host',
  'world',
  'world-ipv4',
  'world-ipv6',
  'unmanaged',
  'health',
  'init',
  'remote-node',
  'kube-apiserver',
  'ingress',
];

/** What policies see of an endpoint; a sentence where it cannot be one. */
export function shapeOfEndpoint(endpoint: EndpointDescription, context: EndpointContext): IdentityShape | string {
  if (endpoint.entity !== undefined && !reservedEntities.includes(endpoint.entity)) {
    return `"${endpoint.entity}" is not an entity that traffic can come from; one of ${reservedEntities.join(', ')} is`;
  }
  if (endpoint.cidr !== undefined) {
    const block = parseCidr(endpoint.cidr);
    return block
      ? context.addresses.shapeOf(block)
      : `"${endpoint.cidr}" is not an address block such as 203.0.113.9/32`;
  }
  if (endpoint.entity !== undefined) return shapeOfEntity(endpoint.entity, endpoint);
  if (endpoint.namespace !== undefined && endpoint.namespace !== '') return shapeOfPod(endpoint, context);
  const block = endpoint.ip === undefined ? undefined : blockOfAddress(endpoint.ip);
  return block ? context.addresses.shapeOf(block) : 'an endpoint needs a namespace, a cidr or an entity';
}

function shapeOfEntity(entity: string, { labels }: EndpointDescription): IdentityShape {
  const own = new Map([reservedLabel(entity)]);
  // Identity 7: API servers inside are nodes too.
  if (entity === 'kube-apiserver') own.set(...reservedLabel('remote-node'));
  const node = entity === 'host' ? Object.entries(labels ?? {}).map(kubernetesLabel) : [];
  return { labels: new Map([...node, ...own]), ports: new Map() };
}

const kubernetesLabel = ([key, value]: readonly [string, string]): [string, LabelValue] => [
  key,
  { source: 'k8s', value },
];

function shapeOfPod(pod: EndpointDescription, { cluster, options }: EndpointContext): IdentityShape {
  const own = Object.entries(pod.labels ?? {}).filter(([key]) => !key.startsWith('io.cilium.k8s'));
  const ofNamespace = Object.entries(pod.namespaceLabels ?? {});
  const home = pod.cluster ?? cluster;
  const all: [string, string][] = [
    ...own,
    ...ofNamespace.map(([key, value]): [string, string] => [`${namespaceLabelPrefix}${key}`, value]),
    [namespaceKey, pod.namespace ?? ''],
    ...(pod.serviceAccount ? [[serviceAccountKey, pod.serviceAccount] satisfies [string, string]] : []),
    [clusterKey, home],
  ];
  const kept = options.labelFilter ? filterLabels(all) : all;
  return {
    labels: new Map(kept.map(kubernetesLabel)),
    ports: namedPorts(pod.ports ?? []),
    ip: options.as === 'kubernetes' && pod.ip !== undefined ? blockOfAddress(pod.ip) : undefined,
    aggregate: home === cluster ? 'aggregate-cluster' : 'aggregate-cluster-mesh',
  };
}

function namedPorts(ports: readonly ContainerPort[]): Map<string, ContainerPortNumber> {
  const named = new Map<string, ContainerPortNumber>();
  for (const { name, port, protocol } of ports) {
    const known = parseProtocol(protocol || 'TCP');
    if (name && isPortName(name) && known && port >= 1 && port <= 65_535)
      named.set(name.toLowerCase(), { protocol: known, port });
  }
  return named;
}
