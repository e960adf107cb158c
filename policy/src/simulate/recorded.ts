import { clusterKey, namespaceKey, namespaceLabelPrefix, serviceAccountKey } from '../model/selector.ts';
import type { Endpoint, EndpointDescription } from '../model/world.ts';
import type { Inventory } from '../connectivity/workloads.ts';
import type { ConnectionColumns, Observed, ObservedConnection, ObservedEnd } from './observed.ts';

/** An end of a connection as Hubble records it: what the event did not say is null or empty. */
export interface RecordedEnd {
  readonly namespace: string | null;
  readonly labels: readonly string[];
  readonly workload: { readonly kind: string; readonly name: string } | null;
  /** `host`, `world`, …, `unknown`; null for pods. */
  readonly entity: string | null;
  readonly ip: string | null;
  /** DNS names that resolved to the address. */
  readonly names: readonly string[];
  readonly cluster: string | null;
  /** Of another cluster than the one that saw it. */
  readonly isRemote?: true | undefined;
}

export interface RecordedEdge<E extends RecordedEnd> extends Omit<ObservedConnection, 'from' | 'to'> {
  readonly source: E;
  readonly destination: E;
}

export interface Knowledge<E extends RecordedEnd> {
  /** How answers call an end. */
  nameOf(end: E): string;
  readonly inventory: Inventory;
  /** Whether policies can tell pods apart by address: NetworkPolicies of Kubernetes' semantics can. */
  readonly podAddresses: boolean;
}

/** Recorded connections in the words of the policy engine, completed by what the manifests know of the pods. */
export function observedOf<E extends RecordedEnd>(
  edges: readonly RecordedEdge<E>[],
  knowledge: Knowledge<E>,
): { readonly ends: readonly ObservedEnd[]; readonly connections: readonly ObservedConnection[] } {
  const { ends, placeOf } = createEnds(knowledge);
  const connections = edges.map((edge): ObservedConnection => {
    const { source, destination, protocol, port, outcomes, unknownBecause } = edge;
    return { from: placeOf(source), to: placeOf(destination), protocol, port, outcomes, unknownBecause };
  });
  return { ends, connections };
}

/** The same for connections in columns, whose `from` and `to` are places in a list of recorded ends. */
export function observedColumns<E extends RecordedEnd>(
  recorded: readonly E[],
  columns: ConnectionColumns,
  knowledge: Knowledge<E>,
): Observed {
  const { ends, placeOf } = createEnds(knowledge);
  const places = Int32Array.from(recorded, placeOf);
  const placed = (column: Int32Array): Int32Array => column.map((place) => places[place] ?? 0);
  return { ends, connections: { ...columns, from: placed(columns.from), to: placed(columns.to) } };
}

function createEnds<E extends RecordedEnd>({ nameOf, inventory, podAddresses }: Knowledge<E>) {
  const ends: ObservedEnd[] = [];
  const places = new Map<string, number>();
  const known = new Map<E, number>();
  const describe = describer(inventory);
  const describedAt = (end: E): number => {
    const name = nameOf(end);
    const made = describe(name, podAddresses || end.entity !== null ? end : { ...end, ip: null });
    const key = JSON.stringify(made);
    const place = places.get(key) ?? ends.push(made) - 1;
    places.set(key, place);
    return place;
  };
  return {
    ends,
    placeOf(end: E): number {
      const place = known.get(end) ?? describedAt(end);
      known.set(end, place);
      return place;
    },
  };
}

/** The cluster that most ends name as theirs, those apart of which it is known that they are elsewhere; `default` where none does. */
export function clusterOf(edges: readonly RecordedEdge<RecordedEnd>[]): string {
  return clusterOfEnds(edges.flatMap(({ source, destination }) => [source, destination]));
}

export function clusterOfEnds(ends: readonly RecordedEnd[]): string {
  const counts = new Map<string, number>();
  for (const { labels, cluster, isRemote } of ends) {
    if (isRemote) continue;
    const name = labelsIn(labels).get(clusterKey) ?? cluster;
    if (name !== null && name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 'default';
}

function describer(inventory: Inventory): (name: string, end: RecordedEnd) => ObservedEnd {
  const known = workloadsByNamespace(inventory);
  return (name, end) => {
    if (end.entity === null) {
      const endpoint = podOf(end, inventory, known);
      if (endpoint !== undefined) return { name, endpoint };
      return { name, endpoint, missing: `the labels of ${name} were not recorded` };
    }
    if (end.entity !== 'unknown') return { name, endpoint: outsideOf(end, end.entity) };
    const missing = end.ip === null ? 'one of its ends was not recorded' : `Hubble did not know who ${end.ip} is`;
    return { name, endpoint: undefined, missing };
  };
}

function outsideOf({ ip, names, labels }: RecordedEnd, entity: string): EndpointDescription {
  if (ip === null || !(entity.startsWith('world') || entity === 'kube-apiserver')) return { entity };
  const known = names.length === 0 ? {} : { names };
  if (entity !== 'kube-apiserver') return { cidr: ip, ...known };
  return labels.some((label) => label.startsWith('reserved:world')) ? { entity, cidr: ip } : { entity };
}

function podOf(
  end: RecordedEnd,
  inventory: Inventory,
  known: ReadonlyMap<string, readonly Endpoint[]>,
): EndpointDescription | undefined {
  const recorded = labelsIn(end.labels);
  const namespace = end.namespace ?? recorded.get(namespaceKey);
  if (namespace === undefined) return undefined;
  const own = new Map([...recorded].filter(([key]) => key !== namespaceKey && !key.startsWith('io.cilium.k8s.')));
  const manifest = manifestOf(end, own, known.get(namespace) ?? []);
  if (recorded.size === 0 && manifest === undefined) return undefined;
  const ofNamespace = [...recorded].flatMap(([key, value]) =>
    key.startsWith(namespaceLabelPrefix) ? [[key.slice(namespaceLabelPrefix.length), value] as const] : [],
  );
  const namespaceLabels =
    ofNamespace.length > 0
      ? Object.fromEntries(ofNamespace)
      : { ...inventory.namespaceLabels.get(namespace), 'kubernetes.io/metadata.name': namespace };
  const serviceAccount = recorded.get(serviceAccountKey) ?? manifest?.serviceAccount;
  const cluster = recorded.get(clusterKey) ?? end.cluster ?? undefined;
  return {
    namespace,
    labels: own.size > 0 ? Object.fromEntries(own) : (manifest?.labels ?? {}),
    namespaceLabels,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(manifest?.ports === undefined ? {} : { ports: manifest.ports }),
    ...(end.ip === null ? {} : { ip: end.ip }),
  };
}

/** The manifest of the pod's workload: by name, else the only one of its namespace that has all recorded labels. */
function manifestOf(
  { workload }: RecordedEnd,
  labels: ReadonlyMap<string, string>,
  candidates: readonly Endpoint[],
): Endpoint | undefined {
  const byName = candidates.filter(({ id }) => workload !== null && id.endsWith(`/${workload.name}[${workload.kind}]`));
  if (byName.length === 1 || labels.size === 0) return byName[0];
  const alike = candidates.filter((endpoint) => [...labels].every(([key, value]) => endpoint.labels?.[key] === value));
  return alike.length === 1 ? alike[0] : undefined;
}

function workloadsByNamespace({ workloads }: Inventory): ReadonlyMap<string, readonly Endpoint[]> {
  const byNamespace = new Map<string, Endpoint[]>();
  for (const endpoint of workloads.flatMap(({ endpoints }) => endpoints)) {
    const list = byNamespace.get(endpoint.namespace ?? '') ?? [];
    list.push(endpoint);
    byNamespace.set(endpoint.namespace ?? '', list);
  }
  return byNamespace;
}

/** `k8s:key=value`; labels of other sources are not a pod's own. */
function labelsIn(labels: readonly string[]): Map<string, string> {
  return new Map(
    labels.flatMap((label) => {
      if (!label.startsWith('k8s:')) return [];
      const equals = label.indexOf('=');
      return equals < 0
        ? [[label.slice(4), ''] as const]
        : [[label.slice(4, equals), label.slice(equals + 1)] as const];
    }),
  );
}
