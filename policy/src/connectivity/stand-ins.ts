import type { Policy } from '../model/policy.ts';
import { clusterKey, namespaceKey, namespaceLabelPrefix, serviceAccountKey } from '../model/selector.ts';
import type { Selector } from '../model/selector.ts';
import type { Endpoint } from '../model/world.ts';
import { labelsOfNamespace } from './workloads.ts';
import type { Inventory, Workload } from './workloads.ts';

/**
 * Where no manifest says what runs, the pods that the policies themselves tell apart: those of each selector, and in
 * each namespace those of none. `NAMESPACE/{key=value}[Pods]`
 */
export function standIns(policies: readonly Policy[], known: Inventory['namespaceLabels']): readonly Workload[] {
  const selectors = policies.flatMap(({ rules }) =>
    rules.flatMap(({ subject, subjectIs, peers }) => [
      ...(subjectIs === 'endpoint' ? [subject] : []),
      ...(peers.type === 'list'
        ? peers.peers.flatMap((peer) => (peer.type === 'endpoints' ? [peer.selector] : []))
        : []),
    ]),
  );
  const home = policies.find(({ namespace }) => namespace !== '')?.namespace ?? 'default';
  const pods = selectors.flatMap((selector) => podsOf(selector, home));
  const namespaces = new Set([
    ...policies.map(({ namespace }) => namespace || home),
    ...pods.map((pod) => pod.namespace),
  ]);
  const others = [...namespaces, otherThan(namespaces)].map((namespace) => ({
    namespace,
    labels: {},
    ofNamespace: {},
  }));
  const workloads = [...pods, ...others].map((pod) => workloadOf(pod, known));
  return [...new Map(workloads.map((workload) => [workload.name, workload])).values()];
}

interface Pods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ofNamespace: Readonly<Record<string, string>>;
  readonly serviceAccount?: string;
}

/** One that the selector means, and for each value that it excludes one with that value. */
function podsOf({ requirements }: Selector, home: string): Pods[] {
  if (requirements.some(({ source }) => source !== 'k8s' && source !== 'any')) return [];
  const wanted = requirements.flatMap(({ key, operator, values }) => {
    if (operator === 'In') return [[key, values[0] ?? ''] as const];
    return operator === 'Exists' ? [[key, ''] as const] : [];
  });
  const excluded = requirements.flatMap(({ key, operator, values }) => {
    if (operator === 'NotIn') return values.map((value) => [key, value] as const);
    return operator === 'DoesNotExist' ? [[key, ''] as const] : [];
  });
  const meant = podOf(wanted, home);
  return [meant, ...excluded.map((pair) => podOf([...wanted, pair], home))];
}

function podOf(pairs: readonly (readonly [string, string])[], home: string): Pods {
  const labels: Record<string, string> = {};
  const ofNamespace: Record<string, string> = {};
  let namespace = home;
  let serviceAccount: string | undefined;
  for (const [key, value] of pairs) {
    if (key === namespaceKey) namespace = value === '' ? home : value;
    else if (key === serviceAccountKey) serviceAccount = value;
    else if (key.startsWith(namespaceLabelPrefix)) ofNamespace[key.slice(namespaceLabelPrefix.length)] = value;
    else if (key !== clusterKey) labels[key] = value;
  }
  const named = ofNamespace['kubernetes.io/metadata.name'];
  return {
    namespace: named ?? namespace,
    labels,
    ofNamespace,
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  };
}

function otherThan(namespaces: ReadonlySet<string>): string {
  return ['other', 'another'].find((name) => !namespaces.has(name)) ?? 'some-other';
}

function workloadOf(
  { namespace, labels, ofNamespace, serviceAccount }: Pods,
  known: Inventory['namespaceLabels'],
): Workload {
  const marks = [
    ...Object.entries(labels),
    ...Object.entries(ofNamespace).map(([key, value]) => [`namespace:${key}`, value]),
  ];
  const words = marks.map(([key, value]) => `${key}=${value}`).toSorted();
  if (serviceAccount !== undefined) words.push(`serviceaccount=${serviceAccount}`);
  const name = `${namespace}/{${words.join(',')}}[Pods]`;
  const endpoint: Endpoint = {
    id: name,
    namespace,
    labels,
    namespaceLabels: { ...labelsOfNamespace(namespace, known), ...ofNamespace },
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  };
  return { name, endpoints: [endpoint] };
}
