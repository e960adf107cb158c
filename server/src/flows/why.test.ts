import { describe, expect, test } from 'vitest';
import { api, policy, record, toPort, web, why } from './why.suite.ts';

const apiIn = policy('api-in', {
  endpointSelector: { matchLabels: { app: 'api' } },
  ingress: [
    { fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] },
  ],
});
const apiOut = policy('api-out', {
  endpointSelector: { matchLabels: { app: 'web' } },
  egress: [{ toFQDNs: [{ matchName: 'pay.example.org' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
});

describe('why', () => {
  test('a drop by default deny names the policy, the nearest rule and the smallest change', async () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      l4: toPort(8443),
      source: web,
      destination: api,
      traffic_direction: 'INGRESS',
    });
    const answer = await why(flow, [apiIn]);
    expect(answer).toMatchObject({
      verdict: 'denied',
      egress: 'allowed',
      ingress: 'denied',
      agrees: true,
      because: { ingress: 'default-deny' },
    });
    expect(answer.decidedBy).toContainEqual(
      expect.objectContaining({ policy: 'CiliumNetworkPolicy/shop/api-in', effect: 'default-deny' }),
    );
    expect(answer.nearest).toMatchObject({
      rule: 'ingress[0]',
      differs: [{ what: 'port', expected: '8080', actual: '8443/TCP' }],
    });
    expect(answer.fix?.steps).toMatchObject([
      { policy: 'CiliumNetworkPolicy/shop/api-in', isNew: false, path: 'spec.ingress[0].toPorts[0].ports[1]' },
    ]);
    expect(answer.sides?.ingress.rules).toMatchObject([{ rule: 'ingress[0]', says: 'nothing', peerDiffers: [] }]);
  });

  test('a drop towards the node is denied on the way out, with no side at the host', async () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      IP: { source: '10.0.1.5', destination: '192.168.7.2' },
      l4: toPort(9100),
      source: web,
      destination: { identity: 1, labels: ['reserved:host'] },
      traffic_direction: 'EGRESS',
    });
    const answer = await why(flow, [apiOut]);
    expect(answer).toMatchObject({ verdict: 'denied', egress: 'denied', ingress: 'none', agrees: true });
    expect(answer.decidedBy).toMatchObject([{ policy: 'CiliumNetworkPolicy/shop/api-out', effect: 'default-deny' }]);
  });

  test('a flow in audit mode that would be dropped is denied, and agrees', async () => {
    const flow = record({
      verdict: 'AUDIT',
      l4: toPort(8443),
      source: web,
      destination: api,
      traffic_direction: 'INGRESS',
    });
    expect(await why(flow, [apiIn])).toMatchObject({ verdict: 'denied', agrees: true, reported: { verdict: 'AUDIT' } });
  });

  test('a drop that no policy causes says so', async () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'TTL_EXCEEDED',
      event_type: { type: 1 },
      l4: toPort(8080),
      source: web,
      destination: api,
    });
    expect(await why(flow, [apiIn])).toMatchObject({
      verdict: 'not-policy',
      reason: 'The packet’s time to live had run out.',
      reported: { dropReason: { name: 'TTL_EXCEEDED', title: 'Too many hops' } },
      agrees: null,
    });
  });

  test('a reply is judged as the connection that it belongs to', async () => {
    const flow = record({
      verdict: 'FORWARDED',
      event_type: { type: 4 },
      is_reply: true,
      l4: { TCP: { source_port: 8080, destination_port: 41_000 } },
      source: api,
      destination: web,
    });
    expect(await why(flow, [apiIn])).toMatchObject({ verdict: 'allowed', agrees: true });
  });

  test('an end that the event does not name is unknown, never guessed', async () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      l4: toPort(8080),
      source: web,
      destination: {},
    });
    expect(await why(flow, [apiIn])).toMatchObject({ verdict: 'unknown', agrees: null });
  });

  test('the answer to a ping rides on the ping, and an ICMP error tells of a connection that it does not name', async () => {
    const pings = policy('pings', {
      endpointSelector: { matchLabels: { app: 'api' } },
      ingress: [
        { fromEndpoints: [{ matchLabels: { app: 'web' } }], icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] },
      ],
    });
    const reply = { verdict: 'FORWARDED', source: api, destination: web, is_reply: true, event_type: { type: 4 } };
    const pong = await why(record({ ...reply, l4: { ICMPv4: { type: 0 } } }), [pings]);
    expect(pong).toMatchObject({ verdict: 'allowed', ingress: 'allowed', agrees: true });
    const unreachable = await why(record({ ...reply, l4: { ICMPv4: { type: 3, code: 1 } } }), [pings]);
    expect(unreachable).toMatchObject({ verdict: 'unknown', reason: expect.stringMatching(/another connection/) });
  });

  test('of two clusters of a mesh the one is ours whose node saw the event', async () => {
    const of = (end: typeof web, cluster: string) => ({
      ...end,
      cluster_name: cluster,
      labels: [...end.labels, `k8s:io.cilium.k8s.policy.cluster=${cluster}`],
    });
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      node_name: 'east/n1',
      l4: toPort(8080),
      source: of(web, 'west'),
      destination: of(api, 'east'),
      traffic_direction: 'INGRESS',
    });
    expect(await why(flow, [apiIn])).toMatchObject({
      verdict: 'denied',
      egress: 'none',
      ingress: 'denied',
      agrees: true,
    });
  });
});
