export interface FlowLine {
  readonly uuid: string;
  readonly timeMs: number;
  readonly verdict: 'FORWARDED' | 'DROPPED' | 'AUDIT' | 'REDIRECTED' | 'ERROR';
  readonly from: string;
  readonly to: string;
  readonly port: number;
}

/** One object of Hubble's export format. `from` and `to` are namespaces; the empty one is an address outside. */
export function exported(line: FlowLine): object {
  const { uuid, timeMs, verdict, from, to, port } = line;
  const isDrop = verdict === 'DROPPED';
  return {
    flow: {
      time: new Date(timeMs).toISOString(),
      uuid,
      verdict,
      ...(isDrop ? { drop_reason_desc: 'POLICY_DENIED' } : {}),
      IP: { source: '10.0.1.5', destination: '10.0.2.6', ipVersion: 'IPv4' },
      l4: { TCP: { source_port: 41_000, destination_port: port, flags: { SYN: true } } },
      source: endOf(from, 'client'),
      destination: endOf(to, 'server'),
      Type: 'L3_L4',
      event_type: isDrop ? { type: 1, sub_type: 133 } : { type: 4, sub_type: 0 },
      traffic_direction: 'INGRESS',
      is_reply: false,
    },
  };
}

function endOf(namespace: string, app: string): object {
  if (namespace === '') return { identity: 2, labels: ['reserved:world'] };
  return {
    ID: 911,
    identity: 40_311,
    namespace,
    labels: [`k8s:app=${app}`, `k8s:io.kubernetes.pod.namespace=${namespace}`],
    pod_name: `${app}-7d9c6bd5f9-x2x4z`,
    workloads: [{ kind: 'Deployment', name: app }],
  };
}

/** The same events for the same seed, a millisecond apart. */
export function seededLines(options: {
  readonly count: number;
  readonly fromMs: number;
  readonly prefix: string;
}): readonly FlowLine[] {
  const random = createRandom(options.prefix.length + options.count);
  const pick = <T>(values: readonly T[], first: T): T => values[Math.floor(random() * values.length)] ?? first;
  return Array.from({ length: options.count }, (_, index) => ({
    uuid: `${options.prefix}-${index}`,
    timeMs: options.fromMs + index,
    verdict: pick(
      ['FORWARDED', 'FORWARDED', 'FORWARDED', 'FORWARDED', 'DROPPED', 'AUDIT', 'REDIRECTED', 'ERROR'] as const,
      'ERROR',
    ),
    from: pick(['shop', 'edge', 'pay', ''], ''),
    to: pick(['shop', 'pay'], 'shop'),
    port: pick([80, 443, 5432, 9100], 80),
  }));
}

function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
