import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runWithFiles } from './run-with-files.suite.ts';
import { simulate } from './simulate.ts';

const web = { namespace: 'shop', labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'] };
const api = { namespace: 'shop', labels: ['k8s:app=api', 'k8s:io.kubernetes.pod.namespace=shop'] };
const connection = {
  time: '2026-06-15T12:00:00Z',
  verdict: 'FORWARDED',
  IP: { source: '10.0.1.5', destination: '10.0.2.9' },
  l4: { TCP: { source_port: 49817, destination_port: 8080, flags: { SYN: true } } },
  source: web,
  destination: api,
  Type: 'L3_L4',
  event_type: { type: 5 },
  traffic_direction: 'INGRESS',
  is_reply: false,
};
const reply = {
  ...connection,
  time: '2026-06-15T12:00:01Z',
  IP: { source: '10.0.2.9', destination: '10.0.1.5' },
  l4: { TCP: { source_port: 8080, destination_port: 49817, flags: { SYN: true, ACK: true } } },
  source: api,
  destination: web,
  event_type: { type: 4, sub_type: 3 },
  traffic_direction: 'EGRESS',
  is_reply: true,
};
const apiDns = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: api-dns, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: api}}
  egress:
  - toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns}}]
    toPorts: [{ports: [{port: "53", protocol: ANY}]}]
`;

function lines(...values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

async function simulated(policy: string, flows: string | Buffer, ...more: readonly string[]) {
  const run = await runWithFiles(simulate, ['policy.yaml', '--flows', 'flows.json', ...more], {
    'policy.yaml': policy,
    'flows.json': flows,
  });
  return { ...run, report: () => JSON.parse(run.out) };
}

describe('policy simulate', () => {
  test('a reply rides on its connection', async () => {
    const { code, report } = await simulated(apiDns, lines({ flow: connection }, { flow: reply }));
    expect(code).toBe(0);
    expect(report()).toMatchObject({ connections: 1, unchanged: { count: 1 }, newlyDenied: { count: 0 }, gaps: [] });
    expect(report().unchanged.items).toMatchObject([
      { from: 'shop/{app=web}', to: 'shop/{app=api}', port: 8080, protocol: 'TCP', firstSeen: '2026-06-15T12:00:00Z' },
    ]);
  });

  test('a reply that a field mask hid is no connection to an ephemeral port, and the gap names the field', async () => {
    const { is_reply: _, event_type: __, ...masked } = reply;
    const { code, out, report } = await simulated(apiDns, lines({ flow: connection }, { flow: masked }));
    expect(code).toBe(0);
    expect(out).not.toContain('49817');
    expect(report()).toMatchObject({ connections: 1, unchanged: { count: 1 } });
    expect(
      report()
        .gaps.map(({ reason }: { reason: string }) => reason)
        .join(),
    ).toMatch(/no event_type in 1 event:.*no is_reply in 1 event:/s);
  });

  const plain = { ...connection, IP: {}, l4: { TCP: { source_port: 41001, destination_port: 8080 } } };
  const mixed =
    lines(
      { flow: { ...plain, l4: { TCP: { source_port: 41000, destination_port: 8080 } } }, node_name: 'default/n1' },
      { node_status: { state_change: 'NODE_UNAVAILABLE', node_names: ['default/n2'] } },
      { lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '17' }, node_name: 'default/n1' },
    ) + `\n${JSON.stringify(plain)}\n`;
  const cut = '{"flow":{"time":"2026-06-15T12:00:04Z","verdict":"FORWA';

  test('flows with and without their envelope are read; lost events, nodes and cut lines are gaps', async () => {
    const { code, report } = await simulated(apiDns, mixed + cut);
    expect(code).toBe(0);
    expect(report()).toMatchObject({ connections: 2, unchanged: { count: 2 } });
    const reasons = report().gaps.map(({ reason }: { reason: string }) => reason);
    expect(reasons).toContainEqual(expect.stringContaining('17 events were lost'));
    expect(reasons).toContainEqual(expect.stringContaining('default/n2'));
    expect(reasons).toContainEqual(expect.stringMatching(/line 6 .*cut/));
  });

  const values = mixed.split('\n').filter((line) => line !== '');
  test.each([
    ['gzip', gzipSync(mixed)],
    ['a list', `[${values.join(',')}]`],
    [
      'a list over many lines',
      JSON.stringify(
        values.map((value) => JSON.parse(value)),
        null,
        2,
      ),
    ],
    ['lines of a log', values.map((value) => `level=info msg=${JSON.stringify(value)}`).join('\n')],
  ])('the same is read from %s', async (_, flows) => {
    const { code, report } = await simulated(apiDns, flows);
    expect(code).toBe(0);
    expect(report()).toMatchObject({ connections: 2, unchanged: { count: 2 } });
  });

  test('what Windows PowerShell writes is read; what came twice or has no time is said', async () => {
    const twice = { flow: { ...connection, uuid: 'u1', time: '2026-06-15T12:00:00.5Z' } };
    const timeless = { flow: { ...connection, time: undefined } };
    const { report } = await simulated(apiDns, Buffer.from(`\ufeff${lines(twice, twice, timeless)}`, 'utf16le'));
    expect(report()).toMatchObject({
      connections: 2,
      gaps: [
        { reason: '1 event came twice and counted once' },
        { reason: 'no time in 1 event: when they were seen is not known' },
      ],
    });
  });

  test('a gzip file that was cut gives what it has, and the gap', async () => {
    const many = lines(
      ...Array.from({ length: 5000 }, (_, index) => ({
        ...connection,
        uuid: `u${index * 7919}`,
        l4: tcp(10_000 + index),
      })),
    );
    const whole = gzipSync(many);
    const { code, report } = await simulated(apiDns, whole.subarray(0, whole.length - 2000));
    expect(code).toBe(0);
    expect(report().connections).toBeGreaterThan(100);
    expect(JSON.stringify(report().gaps)).toContain('the gzip file does not end');
  });

  test.each([
    ['an empty file', '', 'no flow at all'],
    ['a file of another kind', 'hello\nworld\n', 'line 1 is not JSON'],
    ['nothing but replies', lines({ flow: reply }), 'none that tells a new connection'],
  ])('%s is refused, never "nothing would change"', async (_, flows, reason) => {
    await expect(simulated(apiDns, flows)).rejects.toThrow(reason);
  });

  test('audit verdicts are told apart as denied once enforcement is on', async () => {
    const audit = Array.from({ length: 3 }, (__, index) => ({
      ...connection,
      verdict: 'AUDIT',
      l4: tcp(41_000 + index),
    }));
    const denyAll = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: shop}
spec: {podSelector: {matchLabels: {app: api}}, ingress: []}
`;
    const { code, report } = await simulated(denyAll, lines(...audit));
    expect(code).toBe(0);
    expect(report()).toMatchObject({
      connections: 3,
      audited: { count: 3 },
      unchanged: { count: 0 },
      disagrees: { count: 0 },
    });
  });

  const hostDrop = {
    ...connection,
    verdict: 'DROPPED',
    drop_reason_desc: 'POLICY_DENIED',
    IP: { source: '10.0.1.5', destination: '192.168.7.2' },
    l4: tcp(41_000, 9100),
    destination: { identity: 1, labels: ['reserved:host'] },
    traffic_direction: 'EGRESS',
  };
  const apiOut = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: api-out, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
  - toFQDNs: [{matchName: pay.example.org}]
    toPorts: [{ports: [{port: "443", protocol: TCP}]}]
`;
  const toHost = `  - toEntities: [host]
    toPorts: [{ports: [{port: "9100", protocol: TCP}]}]
`;

  test('a drop towards the host that a new rule allows is newly allowed', async () => {
    const same = await simulated(apiOut, lines({ flow: hostDrop }));
    expect([same.code, same.report().unchanged.count]).toEqual([0, 1]);
    const { code, report } = await simulated(apiOut + toHost, lines({ flow: hostDrop }));
    expect(code).toBe(1);
    expect(report().newlyAllowed).toMatchObject({
      count: 1,
      items: [{ from: 'shop/{app=web}', to: 'host', port: 9100 }],
    });
  });

  test('a destination that is empty is unknown, and says so', async () => {
    const { report } = await simulated(apiOut, lines({ flow: { ...hostDrop, destination: {} } }));
    expect(report()).toMatchObject({ connections: 1, unknown: { count: 1, items: [{ to: 'unknown' }] } });
  });

  test('with the policies before, what they do not explain disagrees', async () => {
    const files = { 'old.yaml': apiOut + toHost, 'new.yaml': apiOut, 'flows.json': lines({ flow: hostDrop }) };
    const args = ['new.yaml', '--flows', 'flows.json', '--before', 'old.yaml'];
    const { code, out } = await runWithFiles(simulate, args, files);
    expect([code, JSON.parse(out).disagrees.count]).toEqual([0, 1]);
  });

  test('flows come from standard input as well, and a person can read the answer', async () => {
    const args = ['policy.yaml', '--flows', '-', '-o', 'text'];
    const { code, out } = await runWithFiles(
      simulate,
      args,
      { 'policy.yaml': apiOut + toHost },
      lines({ flow: hostDrop }),
    );
    expect(code).toBe(1);
    expect(out).toContain('1 newly allowed\n  shop/{app=web} -> host 9100/TCP: 1');
  });

  test('a policy file that cannot be read is no answer', async () => {
    await expect(simulated('a: [', lines({ flow: connection }))).rejects.toThrow('not everything could be read');
  });
});

function tcp(source: number, destination = 8080): object {
  return { TCP: { source_port: source, destination_port: destination, flags: { SYN: true } } };
}
