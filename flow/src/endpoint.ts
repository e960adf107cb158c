import { ownerOfPod, stableOwner } from './owner.ts';
import type { FlowEndpoint, FlowWorkload } from './record.ts';

/** What both wire forms say about an end, empty where they say nothing. */
export interface RawEndpoint {
  readonly identity: number;
  readonly namespace: string;
  readonly labels: string[];
  readonly pod: string;
  readonly workload: { readonly kind: string; readonly name: string } | undefined;
  readonly cluster: string;
}

/** What an end has in all of its events. */
export type KnownEnd = Omit<FlowEndpoint, 'ip' | 'port' | 'names' | 'isRemote'>;

const namespaceLabel = 'k8s:io.kubernetes.pod.namespace=';
const clusterLabel = 'k8s:io.cilium.k8s.policy.cluster=';

export function knownEndOf(raw: RawEndpoint): KnownEnd {
  // A field mask may keep the labels alone; older agents name the cluster nowhere else.
  const namespace = raw.namespace === '' ? valueOf(raw.labels, namespaceLabel) : raw.namespace;
  const cluster = raw.cluster === '' ? valueOf(raw.labels, clusterLabel) : raw.cluster;
  return {
    namespace: namespace === '' ? null : namespace,
    pod: raw.pod === '' ? null : raw.pod,
    workload: workloadOf(raw),
    labels: raw.labels,
    identity: raw.identity === 0 ? null : raw.identity,
    entity: namespace !== '' || raw.pod !== '' ? null : entityOf(raw),
    cluster: cluster === '' ? null : cluster,
  };
}

/** What one event says of its end. */
export interface EndOfEvent {
  /** The cluster of the node that saw the event. */
  readonly seenIn: string;
  readonly ip: string;
  readonly port: number | null;
  readonly names: string[];
}

export function endpointOf(end: KnownEnd, { seenIn, ip, port, names }: EndOfEvent): FlowEndpoint {
  const isRemote = end.cluster !== null && seenIn !== '' && end.cluster !== seenIn;
  const all = {
    namespace: end.namespace,
    pod: end.pod,
    workload: end.workload,
    labels: end.labels,
    identity: end.identity,
    entity: end.entity,
    ip: ip === '' ? null : ip,
    port,
    names: names.length === 0 ? names : [...new Set(names.map(dnsName))],
    cluster: end.cluster,
  };
  return isRemote ? { ...all, isRemote } : all;
}

/** Case does not tell names apart, and a trailing dot is not part of one. */
export function dnsName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

/** 0 and what is no port say nothing. */
export function portOf(port: number): number | null {
  return port > 0 && port <= 65_535 ? port : null;
}

/** Relay and exporters write `cluster/node`; empty where there is the node alone. */
export function clusterOfNode(node: string): string {
  return node.slice(0, Math.max(0, node.indexOf('/')));
}

/** The namespace of an end in the cluster that the event was seen in: one of that name in another cluster is not the same. */
export function namespaceHere({ namespace, isRemote }: Pick<FlowEndpoint, 'namespace' | 'isRemote'>): string | null {
  return isRemote === true ? null : namespace;
}

function valueOf(labels: readonly string[], prefix: string): string {
  for (const label of labels) if (label.startsWith(prefix)) return label.slice(prefix.length);
  return '';
}

/**
 * How an end is called in a sentence or a row: its workload, else pod, labels, entity, DNS name or address; that of another
 * cluster of a mesh behind the cluster's name.
 */
export function peerName(end: FlowEndpoint): string {
  const mesh = end.isRemote === true ? `${end.cluster}/` : '';
  const where = end.namespace === null ? mesh : `${mesh}${end.namespace}/`;
  if (end.workload !== null) return `${where}${end.workload.name}`;
  if (end.pod !== null) return `${where}${end.pod}`;
  if (end.entity === null) return `${where}${labelsInWords(end.labels)}`;
  if (end.entity.startsWith('world')) return end.names[0] ?? end.ip ?? 'world';
  return end.entity;
}

/** The pod's own labels, without those that Cilium adds. */
export function podLabels(labels: readonly string[]): readonly string[] {
  return labels
    .filter((label) => label.startsWith('k8s:') && !label.startsWith('k8s:io.'))
    .map((label) => label.slice(4))
    .toSorted();
}

function labelsInWords(labels: readonly string[]): string {
  const own = podLabels(labels);
  return own.length === 0 ? 'unknown' : `{${own.join(',')}}`;
}

function workloadOf(raw: RawEndpoint): FlowWorkload | null {
  if (raw.workload !== undefined && raw.workload.name !== '') return stableOwner(raw.workload);
  return raw.pod === '' ? null : ownerOfPod(raw.pod);
}

/** A kube-apiserver is a node or an address as well; the node comes first, being what policies usually name. */
const ranked = ['host', 'kube-apiserver', 'remote-node', 'ingress', 'health', 'init', 'unmanaged'];
const cidrScope = 1 << 24;
const nodeScope = 2 << 24;

function entityOf(raw: RawEndpoint): string | null {
  let reserved: string | null = null;
  for (const label of raw.labels) {
    if (label.startsWith('reserved:')) reserved = better(reserved, label.slice('reserved:'.length));
    else if (label.startsWith('k8s:')) return reserved;
  }
  return reserved ?? entityOfIdentity(raw.identity);
}

function better(old: string | null, candidate: string): string {
  if (old === null) return candidate;
  const [left, right] = [ranked.indexOf(old), ranked.indexOf(candidate)];
  if (right < 0) return old;
  return left < 0 || right < left ? candidate : old;
}

/** The numbers that Cilium reserves (`pkg/identity/numericidentity.go`), and its two scopes for addresses and nodes. */
function entityOfIdentity(identity: number): string {
  switch (identity) {
    case 1:
      return 'host';
    case 2:
      return 'world';
    case 3:
      return 'unmanaged';
    case 4:
      return 'health';
    case 5:
      return 'init';
    case 6:
      return 'remote-node';
    case 7:
      return 'kube-apiserver';
    case 8:
      return 'ingress';
    case 9:
      return 'world-ipv4';
    case 10:
      return 'world-ipv6';
    default:
      if (identity >= cidrScope && identity < nodeScope) return 'world';
      return identity >= nodeScope && identity < nodeScope + cidrScope ? 'remote-node' : 'unknown';
  }
}
