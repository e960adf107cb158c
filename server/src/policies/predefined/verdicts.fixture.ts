import type { Endpoint } from '@bartizan/policy';

function pod(namespace: string, name: string, labels: Readonly<Record<string, string>>): Endpoint {
  return { id: name, namespace, labels, namespaceLabels: { 'kubernetes.io/metadata.name': namespace } };
}

const at = (id: string, cidr: string): Endpoint => ({ id, cidr });

/** What the predefined policies of the namespace `shop` are asked about. */
export const endpoints: readonly Endpoint[] = [
  pod('shop', 'web', { app: 'web' }),
  pod('shop', 'db', { app: 'db' }),
  pod('shop', 'suspect', { app: 'web', quarantine: 'true' }),
  pod('other', 'stranger', { app: 'web', quarantine: 'true' }),
  pod('kube-system', 'dns', { 'k8s-app': 'kube-dns' }),
  pod('kube-system', 'metrics-server', { 'k8s-app': 'metrics-server' }),
  pod('other', 'false-dns', { 'k8s-app': 'kube-dns' }),
  pod('ingress-nginx', 'edge', {
    'app.kubernetes.io/name': 'ingress-nginx',
    'app.kubernetes.io/component': 'controller',
  }),
  pod('monitoring', 'prometheus', { 'app.kubernetes.io/name': 'prometheus' }),
  { ...pod('shop', 'far', { app: 'web' }), cluster: 'west' },
  { id: 'host', entity: 'host' },
  { id: 'remote-node', entity: 'remote-node' },
  { id: 'cilium-ingress', entity: 'ingress' },
  at('internet', '203.0.113.9/32'),
  at('metadata', '169.254.169.254/32'),
  at('metadata-aws-ipv6', 'fd00:ec2::254/128'),
  at('metadata-google-ipv6', 'fd20:ce::254/128'),
  at('metadata-alibaba', '100.100.100.200/32'),
  at('beside-metadata', '169.254.169.253/32'),
];

/** `from > to port/protocol`; a denial stands under `denied`. */
interface Verdicts {
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
  /** Where Cilium's dialect can say more. */
  readonly ciliumOnly?: { readonly allowed?: readonly string[]; readonly denied?: readonly string[] };
}

const toDns = ['web > dns 53/UDP', 'web > dns 53/TCP', 'db > dns 53/UDP'];
const notToDns = [
  'web > dns 9153/TCP',
  'web > dns 443/TCP',
  'web > false-dns 53/UDP',
  'web > metrics-server 53/UDP',
  'web > internet 53/UDP',
  'web > db 5432/TCP',
  'web > stranger 80/TCP',
  'web > internet 443/TCP',
];
const probes = ['host > web 8081/TCP', 'host > db 5432/TCP'];
const elsewhere = ['stranger > dns 53/UDP', 'stranger > internet 443/TCP', 'internet > stranger 80/TCP'];

/** What each policy means when it is the only one. */
export const meanings: Readonly<Record<string, Verdicts>> = {
  'drop-outbound': {
    allowed: ['stranger > web 80/TCP', 'internet > web 80/TCP', ...probes, ...elsewhere],
    denied: ['web > dns 53/UDP', 'web > db 5432/TCP', 'web > internet 443/TCP', 'web > stranger 80/TCP'],
  },
  'allow-inbound-http': {
    allowed: [
      'web > db 80/TCP',
      'internet > web 80/TCP',
      'internet > web 443/TCP',
      'stranger > web 443/TCP',
      'web > internet 8080/TCP',
      ...probes,
      ...elsewhere,
    ],
    denied: ['web > db 5432/TCP', 'internet > web 8080/TCP', 'internet > web 443/UDP', 'prometheus > web 9464/TCP'],
  },
  'default-deny-with-dns': {
    allowed: [...toDns, ...probes, ...elsewhere],
    denied: [...notToDns, 'db > web 80/TCP', 'stranger > web 80/TCP', 'internet > web 80/TCP', 'edge > web 80/TCP'],
  },
  'same-namespace-only': {
    allowed: ['web > db 5432/TCP', 'db > web 53/UDP', 'web > internet 443/TCP', 'web > dns 53/UDP', ...probes],
    denied: ['stranger > web 80/TCP', 'internet > web 80/TCP', 'edge > web 80/TCP', 'prometheus > web 9464/TCP'],
    ciliumOnly: { denied: ['far > web 80/TCP', 'remote-node > web 80/TCP'] },
  },
  'from-ingress-controller-only': {
    allowed: ['edge > web 8080/TCP', 'web > internet 443/TCP', 'web > dns 53/UDP', ...probes, ...elsewhere],
    denied: ['web > db 5432/TCP', 'stranger > web 80/TCP', 'internet > web 80/TCP', 'prometheus > web 9464/TCP'],
    ciliumOnly: { allowed: ['cilium-ingress > web 8080/TCP'] },
  },
  'to-dns-only': {
    allowed: [...toDns, 'stranger > web 80/TCP', 'internet > web 80/TCP', ...probes, ...elsewhere],
    denied: notToDns,
  },
  'allow-monitoring': {
    allowed: ['prometheus > web 9464/TCP', 'prometheus > db 9187/TCP', 'web > internet 443/TCP', ...probes],
    denied: [],
    ciliumOnly: { allowed: ['stranger > web 80/TCP', 'internet > web 80/TCP', 'web > db 5432/TCP'] },
  },
  'block-cloud-metadata': {
    allowed: [
      'web > beside-metadata 80/TCP',
      'web > internet 443/TCP',
      'web > dns 53/UDP',
      'web > db 5432/TCP',
      'web > host 10250/TCP',
      'stranger > web 80/TCP',
      'stranger > metadata 80/TCP',
      ...probes,
      ...elsewhere,
    ],
    denied: [
      'web > metadata 80/TCP',
      'web > metadata 53/UDP',
      'web > metadata 8/ICMP',
      'web > metadata-aws-ipv6 80/TCP',
      'web > metadata-google-ipv6 80/TCP',
      'web > metadata-alibaba 80/TCP',
    ],
  },
  quarantine: {
    allowed: ['host > suspect 8081/TCP', 'web > db 5432/TCP', 'internet > web 80/TCP', ...probes, ...elsewhere],
    denied: [
      'web > suspect 80/TCP',
      'far > suspect 80/TCP',
      'stranger > suspect 80/TCP',
      'edge > suspect 80/TCP',
      'prometheus > suspect 9464/TCP',
      'internet > suspect 80/TCP',
      'remote-node > suspect 8081/TCP',
      'cilium-ingress > suspect 80/TCP',
      'suspect > web 80/TCP',
      'suspect > db 5432/TCP',
      'suspect > far 80/TCP',
      'suspect > dns 53/UDP',
      'suspect > internet 443/TCP',
      'suspect > internet 8/ICMP',
      'suspect > host 22/TCP',
      'suspect > remote-node 22/TCP',
      'suspect > metadata 80/TCP',
    ],
  },
};

export interface Query {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
}

export function queryOf(text: string): Query {
  const [, from = '', to = '', port = '', protocol = ''] = /^(\S+) > (\S+) (\d+)\/(\w+)$/.exec(text) ?? [];
  return { from, to, port: Number(port), protocol };
}

/** The questions of one policy in one dialect, each with its answer. */
export function verdictsOf(
  name: string,
  dialect: 'cilium' | 'kubernetes',
): readonly { readonly text: string; readonly verdict: 'allowed' | 'denied' }[] {
  const { allowed = [], denied = [], ciliumOnly = {} } = meanings[name] ?? {};
  const more = dialect === 'cilium' ? ciliumOnly : {};
  return [
    ...[...allowed, ...(more.allowed ?? [])].map((text) => ({ text, verdict: 'allowed' as const })),
    ...[...denied, ...(more.denied ?? [])].map((text) => ({ text, verdict: 'denied' as const })),
  ];
}
