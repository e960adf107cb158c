import type { Found, Role } from './well-known.ts';

export type Spec = Readonly<Record<string, unknown>>;

/** A predefined policy: the same meaning in each dialect that can say it. */
export interface Template {
  readonly name: string;
  /** What it does, what it breaks, and whom it is for. */
  readonly description: string;
  readonly cilium: (found: Found) => Spec;
  /** Absent where a NetworkPolicy cannot say it: it has no deny rule. */
  readonly kubernetes?: (found: Found) => Spec;
  /** What it names and has to find in the cluster. */
  readonly role?: Role;
}

/** Every pod of the namespace that a person marked with `kubectl label pod NAME quarantine=true`. */
const quarantined = { matchLabels: { quarantine: 'true' } };

/** Cilium: an empty item allows nothing. NetworkPolicy: the same text allows everything, so there no item is written. */
const nothing = [{}];

/** Everyone but the local host, which probes: a deny of `all` or `cluster` would take in the host, and its probes with it. */
const everyoneButTheHost = [
  { fromEntities: ['world', 'remote-node', 'ingress', 'health', 'init', 'unmanaged'] },
  {
    fromEndpoints: [
      {
        matchExpressions: [
          { key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' },
          { key: 'k8s:io.cilium.k8s.policy.cluster', operator: 'Exists' },
        ],
      },
    ],
  },
];

/** AWS, Azure, Google, Oracle, OpenStack and most others; then AWS and Google over IPv6; then Alibaba. */
const metadataAddresses = ['169.254.169.254/32', 'fd00:ec2::254/128', 'fd20:ce::254/128', '100.100.100.200/32'];

export const templates: readonly Template[] = [
  {
    name: 'drop-outbound',
    description:
      'No pod of the namespace may connect to anything. Breaks whatever looks up a name, calls another service or the API server: DNS is cut off too. For workloads that only answer; enable to-dns-only or policies of your own beside it for what they may reach.',
    cilium: () => ({ endpointSelector: {}, enableDefaultDeny: { egress: true }, egress: nothing }),
    kubernetes: () => ({ podSelector: {}, policyTypes: ['Egress'] }),
  },
  {
    name: 'allow-inbound-http',
    description:
      'Pods of the namespace accept TCP connections on ports 80 and 443 from anywhere, and no others. The ports are those of the pods, not of their Services: breaks pods that listen on 8080 behind port 80, HTTP/3 (UDP), scraping on other ports, and databases in the namespace. For web servers reached directly.',
    cilium: () => ({
      endpointSelector: {},
      ingress: [
        {
          toPorts: [
            {
              ports: [
                { port: '80', protocol: 'TCP' },
                { port: '443', protocol: 'TCP' },
              ],
            },
          ],
        },
      ],
    }),
    kubernetes: () => ({
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [
        {
          ports: [
            { port: 80, protocol: 'TCP' },
            { port: 443, protocol: 'TCP' },
          ],
        },
      ],
    }),
  },
  {
    name: 'default-deny-with-dns',
    description:
      "Nothing reaches a pod of the namespace and its pods reach nothing but the cluster's DNS. Breaks every connection that no other policy allows, within the namespace too. The ground to build on: write the policies that allow what is needed, look at their effect, and enable this one last.",
    role: 'dns',
    cilium: (found) => ({
      endpointSelector: {},
      enableDefaultDeny: { ingress: true },
      ingress: nothing,
      egress: ciliumDns(found),
    }),
    kubernetes: (found) => ({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: kubernetesDns(found) }),
  },
  {
    name: 'same-namespace-only',
    description:
      'Pods of the namespace accept connections from pods of the same namespace only. Breaks what comes from an ingress controller, from Prometheus, from other namespaces and from outside: enable from-ingress-controller-only and allow-monitoring beside it, they add up. Outbound connections stay as they are. For namespaces that belong to one team or tenant.',
    cilium: () => ({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }),
    kubernetes: () => ({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] }),
  },
  {
    name: 'from-ingress-controller-only',
    description:
      'Pods of the namespace accept connections from the ingress controller only. Breaks connections between pods of the namespace, scraping, and NodePort or LoadBalancer Services that bypass the controller: enable same-namespace-only and allow-monitoring beside it, they add up. For web applications that everyone should reach through the firewall.',
    role: 'ingress-controller',
    cilium: (found) => ({
      endpointSelector: {},
      ingress: [...ciliumFrom(found), { fromEntities: ['ingress'] }],
    }),
    kubernetes: (found) => ({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: kubernetesPeers(found) }] }),
  },
  {
    name: 'to-dns-only',
    description:
      "Pods of the namespace look up names in the cluster's DNS and connect to nothing else. Breaks every call to another service, to the API server and to the internet, unless another policy allows it. Inbound connections stay as they are. For workloads that only answer, and as the ground for a list of what may be reached.",
    role: 'dns',
    cilium: (found) => ({ endpointSelector: {}, egress: ciliumDns(found) }),
    kubernetes: (found) => ({ podSelector: {}, policyTypes: ['Egress'], egress: kubernetesDns(found) }),
  },
  {
    name: 'allow-monitoring',
    description:
      'Prometheus may connect to every pod of the namespace on any port. As a CiliumNetworkPolicy it only allows, and denies nothing; as a NetworkPolicy, where no other policy restricts inbound connections, it denies all others. For namespaces whose inbound connections are restricted, where Prometheus would report its targets as down.',
    role: 'monitoring',
    cilium: (found) => ({
      endpointSelector: {},
      enableDefaultDeny: { ingress: false },
      ingress: ciliumFrom(found),
    }),
    kubernetes: (found) => ({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: kubernetesPeers(found) }] }),
  },
  {
    name: 'block-cloud-metadata',
    description:
      "Pods of the namespace cannot reach the metadata service of the cloud, which hands out the credentials of the node; nothing else changes. Breaks pods that take their cloud identity from there (kube2iam, GKE Workload Identity); IRSA and EKS Pod Identity go elsewhere. For every namespace that runs code reachable from outside. Pods in the host's network are not covered.",
    cilium: () => ({
      endpointSelector: {},
      enableDefaultDeny: { egress: false },
      egressDeny: [{ toCIDR: metadataAddresses }],
    }),
  },
  {
    name: 'quarantine',
    description:
      "Cuts off every pod with the label quarantine=true, whatever other policies allow, open connections included: nothing in, nothing out. Only the pod's own node still reaches it, so that probes pass and the pod stays alive for inspection. Selects nobody until you label a pod: kubectl label pod NAME quarantine=true; take the labels of its Service away too, to have it replaced. For a pod that is suspected of being taken over. A pod in the host's network cannot be cut off so.",
    cilium: () => ({
      endpointSelector: quarantined,
      enableDefaultDeny: { ingress: true, egress: true },
      ingress: [{ fromEntities: ['host'] }],
      ingressDeny: everyoneButTheHost,
      egressDeny: [{ toEntities: ['all'] }],
    }),
  },
];

const onHost = ['host', 'remote-node'];

function ciliumPods({ pods }: Found): Spec[] {
  return pods.map(({ namespace, labels }) => ({
    matchLabels: { 'k8s:io.kubernetes.pod.namespace': namespace, ...labels },
  }));
}

function ciliumFrom(found: Found): Spec[] {
  return [{ fromEndpoints: ciliumPods(found) }, ...(found.isOnHost ? [{ fromEntities: onHost }] : [])];
}

function ciliumDns(found: Found): Spec[] {
  const ports = found.dnsPorts.map(({ port, protocol }) => ({ port: `${port}`, protocol }));
  const toPorts = [{ ports }];
  return [{ toEndpoints: ciliumPods(found), toPorts }, ...(found.isOnHost ? [{ toEntities: onHost, toPorts }] : [])];
}

function kubernetesPeers({ pods }: Found): Spec[] {
  return pods.map(({ namespace, labels }) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: labels },
  }));
}

function kubernetesDns(found: Found): Spec[] {
  return [{ to: kubernetesPeers(found), ports: found.dnsPorts }];
}
