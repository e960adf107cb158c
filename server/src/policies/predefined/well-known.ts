import type { Cluster, KubernetesObject, WatchState } from '@bartizan/backends';

/** What a predefined policy has to find in the cluster. */
export type Role = 'dns' | 'ingress-controller' | 'monitoring';

interface Convention {
  /** Where it usually runs: what is written where nothing was found. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The most common first. Labels are those of each project's own manifests and charts. */
const conventions: Readonly<Record<Role, readonly Convention[]>> = {
  dns: [
    { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    { namespace: 'kube-system', labels: { 'k8s-app': 'node-local-dns' } },
    { namespace: 'openshift-dns', labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' } },
  ],
  'ingress-controller': [
    {
      namespace: 'ingress-nginx',
      labels: { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' },
    },
    { namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } },
    { namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
    { namespace: 'haproxy-controller', labels: { 'app.kubernetes.io/name': 'kubernetes-ingress' } },
    { namespace: 'ingress-controller', labels: { 'app.kubernetes.io/name': 'haproxy-ingress' } },
    {
      namespace: 'projectcontour',
      labels: { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/component': 'envoy' },
    },
    {
      namespace: 'envoy-gateway-system',
      labels: { 'app.kubernetes.io/managed-by': 'envoy-gateway', 'app.kubernetes.io/component': 'proxy' },
    },
    {
      namespace: 'openshift-ingress',
      labels: { 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller': 'default' },
    },
  ],
  monitoring: [
    { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } },
    { namespace: 'monitoring', labels: { app: 'prometheus' } },
    { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'vmagent' } },
    { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'alloy' } },
  ],
};

export interface Port {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** Who plays a role in the cluster at this moment. */
export interface Found {
  /** Never empty: where nothing was found, the usual place. */
  readonly pods: readonly Convention[];
  /** Some of its pods are in the host's network, where no label selects them. */
  readonly isOnHost: boolean;
  /** The ports that its containers name after DNS, else 53. */
  readonly dnsPorts: readonly Port[];
  /** What is not known or looks wrong, for people. */
  readonly doubts: readonly string[];
}

const names: Readonly<Record<Role, string>> = {
  dns: 'DNS server',
  'ingress-controller': 'ingress controller',
  monitoring: 'Prometheus',
};

/** DNS is taken only from the namespaces of the cluster's own services: nobody else's pod becomes everybody's resolver. */
export function findRole(cluster: Pick<Cluster, 'list' | 'state'>, role: Role): Found {
  const known = conventions[role];
  const seen = cluster
    .list('Pod')
    .filter(isRunning)
    .flatMap((pod) => {
      const { namespace = '', labels } = pod.metadata;
      const match = known.find((each) => has(labels, each.labels) && (role !== 'dns' || namespace === each.namespace));
      return match ? [{ pod, namespace, labels: match.labels }] : [];
    });
  const [usual] = known;
  const inNetwork = seen.filter(({ pod }) => bodyOf(pod).spec?.hostNetwork !== true);
  const pods = distinct(inNetwork.map(({ namespace, labels }) => ({ namespace, labels })));
  return {
    pods: pods.length > 0 || !usual ? pods : [usual],
    isOnHost: inNetwork.length < seen.length,
    dnsPorts: dnsPortsOf(seen.map(({ pod }) => pod)),
    doubts: doubtsOf({ role, usual, state: cluster.state('Pod'), found: distinct(seen.map(placeOf)) }),
  };
}

function doubtsOf(seen: {
  readonly role: Role;
  readonly usual: Convention | undefined;
  readonly state: WatchState;
  readonly found: readonly string[];
}): string[] {
  const { role, usual, state, found } = seen;
  const name = names[role];
  const guess = usual && `pods with ${sayLabels(usual.labels)} in namespace ${usual.namespace}`;
  if (state.state !== 'ok')
    return [`Pods cannot be read, so it is not known whether the ${name} is what this names: ${guess}. Check it first`];
  if (found.length === 0)
    return [
      `No ${name} was found. This names ${guess}, where nothing runs: write yours before you enable it, or it is cut off`,
    ];
  if (role !== 'dns' && found.length > 1)
    return [`Found in ${found.length} namespaces (${found.join(', ')}), and all are let through. Keep those you mean`];
  return [];
}

const placeOf = ({ namespace }: { readonly namespace: string }): string => namespace;

function sayLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

interface PodBody {
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly {
      readonly ports?: readonly {
        readonly name?: string;
        readonly containerPort: number;
        readonly protocol?: string;
      }[];
    }[];
  };
  readonly status?: { readonly phase?: string };
}

function bodyOf(pod: KubernetesObject): PodBody {
  return pod as PodBody;
}

function isRunning(pod: KubernetesObject): boolean {
  const phase = bodyOf(pod).status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed';
}

function has(labels: KubernetesObject['metadata']['labels'], wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels?.[key] === value);
}

const usualDnsPorts: readonly Port[] = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
];

function dnsPortsOf(pods: readonly KubernetesObject[]): readonly Port[] {
  const named = pods
    .flatMap((pod) => bodyOf(pod).spec?.containers ?? [])
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ name = '', containerPort, protocol = 'TCP' }): Port[] =>
      /^dns(-tcp)?$/.test(name) && (protocol === 'TCP' || protocol === 'UDP')
        ? [{ port: containerPort, protocol }]
        : [],
    );
  return distinct([...usualDnsPorts, ...named]);
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
