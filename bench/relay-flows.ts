import { seededRandom } from './policy-world.ts';

const namespaces = 50;
const workloads = 500;
const podsEach = 3;
/** Each workload has a few peers. */
const peers = 10;
const ports = [80, 443, 5432, 9100, 8080, 6379, 9090, 3000];

export interface TrafficEvent {
  /** One object of Hubble's export format. */
  readonly event: object;
  readonly uuid: string;
  readonly clientPort: number;
}

/** Events as Hubble exports them, of a cluster of 1,500 pods: what every agent fills in, and as many of each kind as busy nodes have. */
export function createTraffic(node: string, seed: number): (timeMs: number) => TrafficEvent {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const hex = (digits: number): string => Array.from({ length: digits }, () => below(16).toString(16)).join('');

  return (timeMs) => {
    const from = below(workloads);
    const to = (from * 7 + below(peers) * 13 + 1) % workloads;
    const isReply = random() < 0.3;
    const port = ports[(from + to) % ports.length];
    const client = 32_768 + below(28_000);
    const [source, destination] = [pod(from, below(podsEach)), pod(to, below(podsEach))];
    const isOutside = to % 25 === 0;
    const base = {
      time: new Date(timeMs).toISOString().replace('Z', `${hex(6).replaceAll(/\D/g, '7')}Z`),
      uuid: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
      ethernet: { source: '0a:58:0a:00:01:05', destination: '0a:58:0a:00:02:06' },
      node_name: `default/${node}`,
      is_reply: isReply,
      traffic_direction: isReply ? 'EGRESS' : 'INGRESS',
      emitter: { name: 'Hubble', version: '1.20.2+g1234567' },
    };
    const ends = {
      IP: { source: source.ip, destination: isOutside ? outside(below(4000)) : destination.ip, ipVersion: 'IPv4' },
      source: source.endpoint,
      destination: isOutside ? { identity: 2, labels: ['reserved:world'] } : destination.endpoint,
    };
    const flow = { ...base, ...ends, ...kindOf({ random, client, port: port ?? 80, isReply }) };
    return { event: { flow }, uuid: base.uuid, clientPort: client };
  };
}

function kindOf(of: { random: () => number; client: number; port: number; isReply: boolean }): object {
  const { random, client, port, isReply } = of;
  const flags = isReply ? { ACK: true } : { SYN: true };
  const [source_port, destination_port] = isReply ? [port, client] : [client, port];
  const tcp = { l4: { TCP: { source_port, destination_port, flags } }, Type: 'L3_L4' };
  const share = random();
  if (share < 0.15)
    return {
      ...tcp,
      is_reply: false,
      l4: { TCP: { source_port: client, destination_port: port, flags: { SYN: true } } },
      verdict: 'FORWARDED',
      event_type: { type: 5 },
      policy_match_type: 1,
      ingress_allowed_by: [{ name: 'allow-clients', namespace: 'team-1', kind: 'CiliumNetworkPolicy', revision: 7 }],
      Summary: 'TCP Flags: SYN',
    };
  if (share < 0.2)
    return {
      ...tcp,
      verdict: 'DROPPED',
      drop_reason: 133,
      drop_reason_desc: 'POLICY_DENIED',
      event_type: { type: 1, sub_type: 133 },
      Summary: 'TCP Flags: SYN',
    };
  if (share < 0.25)
    return {
      l4: { UDP: { source_port: client, destination_port: 53 } },
      Type: 'L7',
      verdict: 'FORWARDED',
      event_type: { type: 129 },
      l7: {
        type: 'REQUEST',
        dns: { query: `api-${Math.floor(random() * 300)}.example.com.`, observation_source: 'proxy', qtypes: ['A'] },
      },
      Summary: 'DNS Query api.example.com. A',
    };
  return {
    ...tcp,
    verdict: 'FORWARDED',
    event_type: { type: 4, sub_type: isReply ? 3 : 0 },
    trace_observation_point: isReply ? 'TO_STACK' : 'TO_ENDPOINT',
    trace_reason: isReply ? 'REPLY' : 'ESTABLISHED',
    interface: { index: 42, name: 'lxc1234567890ab' },
    socket_cookie: '123456',
    Summary: 'TCP Flags: ACK',
  };
}

function pod(number: number, replica: number): { readonly ip: string; readonly endpoint: object } {
  const namespace = `team-${number % namespaces}`;
  const name = `app-${number}`;
  return {
    ip: `10.${replica}.${number >> 8}.${number & 255}`,
    endpoint: {
      ID: 100 + number,
      identity: 1000 + number,
      cluster_name: 'default',
      namespace,
      labels: [
        `k8s:app.kubernetes.io/component=server`,
        `k8s:app.kubernetes.io/instance=${name}`,
        `k8s:app.kubernetes.io/name=${name}`,
        `k8s:io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name=${namespace}`,
        'k8s:io.cilium.k8s.policy.cluster=default',
        'k8s:io.cilium.k8s.policy.serviceaccount=default',
        `k8s:io.kubernetes.pod.namespace=${namespace}`,
      ],
      pod_name: `${name}-7d9c6bd5f9-x2x4${'bcd'[replica]}`,
      workloads: [{ kind: 'Deployment', name }],
    },
  };
}

function outside(number: number): string {
  return `203.0.${number >> 8}.${number & 255}`;
}
