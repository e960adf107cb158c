import type { Revision } from '@bartizan/backends';
import { describe, expect, test } from 'vitest';
import { memoryCluster, memoryState } from '../deps.fixture.ts';
import { recordedSinceKey } from '../policies/observe.ts';
import { contentOf } from '../policies/content.ts';
import { api, policy, record, toPort, web, why, whyIn } from './why.suite.ts';

const tcp = (port: string) => [{ ports: [{ port, protocol: 'TCP' }] }];
const fromWeb = (port: string) => ({
  endpointSelector: { matchLabels: { app: 'api' } },
  ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: tcp(port) }],
});
const connection = { l4: toPort(8443), source: web, destination: api, traffic_direction: 'INGRESS' };
const dropped = { ...connection, verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED' };
const forwarded = { ...connection, verdict: 'FORWARDED' };

function revision(object: Parameters<typeof contentOf>[0] | null, at: string): Omit<Revision, 'revision'> {
  const ref = { cluster: 'memory', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'api-in' };
  const after = object && contentOf(object);
  return { ...ref, atMs: Date.parse(at), by: 'kubectl', action: 'observed', note: null, before: null, after };
}

describe('what Cilium says beside it', () => {
  test('an event speaks of its own side: let out agrees although the other end denies', async () => {
    const flow = record({ ...forwarded, traffic_direction: 'EGRESS' });
    expect(await why(flow, [policy('api-in', fromWeb('8080'))])).toMatchObject({ verdict: 'denied', agrees: true });
  });

  test('a disagreement is said, with what may lie behind it', async () => {
    const answer = await why(record(forwarded), [policy('api-in', fromWeb('8080'))]);
    expect(answer).toMatchObject({ verdict: 'denied', agrees: false });
    expect(answer.doubts.join(' ')).toMatch(/other settings.*“Valid”/);
  });

  test.each([
    { named: [{ name: 'api-in', namespace: 'shop', kind: 'CiliumNetworkPolicy' }], attribution: 'same' },
    { named: [{ name: 'other', namespace: 'shop' }], attribution: 'different' },
    { named: [{ name: 'api-in', namespace: 'elsewhere' }], attribution: 'different' },
    { named: [], attribution: 'none' },
  ])('the policies that it names are $attribution', async ({ named, attribution }) => {
    const flow = record({ ...forwarded, ingress_allowed_by: named });
    expect(await why(flow, [policy('api-in', fromWeb('8443'))])).toMatchObject({ agrees: true, attribution });
  });

  test('a trace speaks only of what the packet had passed', async () => {
    const trace = (sub_type: number) =>
      why(record({ ...forwarded, event_type: { type: 4, sub_type } }), [policy('api-in', fromWeb('8080'))]);
    expect((await trace(5)).agrees).toBeNull();
    expect((await trace(3)).agrees).toBe(true);
    expect((await trace(0)).agrees).toBe(false);
  });
});

describe('the policies of that moment', () => {
  const now = policy('api-in', fromWeb('8443'));

  test('are those that were in force then, and what has changed since is named', async () => {
    const state = memoryState();
    await state.writeSetting(recordedSinceKey('memory'), '2026-06-01T00:00:00Z');
    await state.addRevision(revision(policy('api-in', fromWeb('8080')), '2026-06-15T11:00:00Z'));
    await state.addRevision(revision(now, '2026-06-15T13:00:00Z'));
    expect(await why(record(dropped), [now], state)).toMatchObject({
      verdict: 'denied',
      agrees: true,
      policiesAsOf: 'then',
      changedSince: ['CiliumNetworkPolicy/shop/api-in'],
      now: 'allowed',
      noFix: expect.stringContaining('as they are now let it through'),
      doubts: [],
    });
  });

  test('are judged as they are now where their history does not reach back, and the answer says so', async () => {
    const answer = await why(record(dropped), [policy('api-in', fromWeb('8080'))]);
    expect(answer).toMatchObject({ policiesAsOf: 'now', verdict: 'denied' });
    expect(answer.doubts[0]).toContain('does not reach back');
  });

  test('may still have been followed by the agents when they changed moments before', async () => {
    const state = memoryState();
    await state.addRevision(revision(policy('api-in', fromWeb('8443')), '2026-06-15T11:00:00Z'));
    await state.addRevision(revision(policy('api-in', fromWeb('8080')), '2026-06-15T11:59:50Z'));
    const answer = await why(record(forwarded), [policy('api-in', fromWeb('8080'))], state);
    expect(answer.agrees).toBe(false);
    expect(answer.doubts[0]).toContain('changed within a minute');
  });

  test('that Cilium refuses have no effect, and are named', async () => {
    const refused = policy('broken', { endpointSelector: {}, ingress: [{ toPorts: tcp('30000-30009') }] });
    const answer = await why(record(forwarded), [refused]);
    expect(answer).toMatchObject({ verdict: 'allowed', agrees: true });
    expect(answer.doubts.join()).toContain('Cilium refuses it');
  });
});

describe('policies that cannot be read', () => {
  const unread = (kinds: readonly string[]) => ({
    ...memoryCluster([]),
    state: (kind: string) =>
      kinds.includes(kind)
        ? ({ state: 'forbidden', reason: 'may not list them', sinceMs: 0 } as const)
        : ({ state: 'ok', syncedAtMs: 0 } as const),
  });

  test('leave the answer unknown where there are no others, and in doubt where there are', async () => {
    const all = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];
    expect(await whyIn(unread(all), record(forwarded))).toMatchObject({ verdict: 'unknown', agrees: null });
    const { verdict, doubts } = await whyIn(unread(all.slice(2)), record(forwarded));
    expect(verdict).toBe('allowed');
    expect(doubts[0]).toContain('Not one CiliumClusterwideNetworkPolicy could be read');
  });
});

describe('what is not a plain connection of two pods', () => {
  const outside = { identity: 16_777_217, labels: ['cidr:203.0.113.9/32', 'reserved:world'] };
  const names = {
    endpointSelector: { matchLabels: { app: 'web' } },
    egress: [{ toFQDNs: [{ matchName: 'pay.example.org' }], toPorts: tcp('443') }],
  };
  const out = {
    IP: { source: '10.0.0.1', destination: '203.0.113.9' },
    l4: toPort(443),
    source: web,
    destination: outside,
    traffic_direction: 'EGRESS',
  };

  test('an address with its name is judged by the name', async () => {
    const flow = record({ ...out, verdict: 'FORWARDED', destination_names: ['pay.example.org'] });
    expect(await why(flow, [policy('names', names)])).toMatchObject({ verdict: 'allowed', agrees: true });
  });

  test('an address without a name that a rule for a name let through is unknown, not wrong', async () => {
    const answer = await why(record({ ...out, verdict: 'FORWARDED' }), [policy('names', names)]);
    expect(answer).toMatchObject({ verdict: 'unknown', agrees: null });
    expect(answer.reason).toContain('pay.example.org');
    expect(await why(record({ ...out, verdict: 'DROPPED' }), [policy('names', names)])).toMatchObject({
      verdict: 'denied',
      agrees: true,
    });
  });

  test('a request that the proxy refused is denied, and the fix is that one request', async () => {
    const http = [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/ok' }] } }];
    const spec = {
      endpointSelector: { matchLabels: { app: 'api' } },
      ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: http }],
    };
    const l7 = { type: 'REQUEST', http: { method: 'POST', url: 'http://api.shop/pay', protocol: 'HTTP/1.1' } };
    const flow = record({
      ...connection,
      l4: toPort(80),
      Type: 'L7',
      event_type: { type: 129 },
      verdict: 'DROPPED',
      l7,
    });
    const answer = await why(flow, [policy('api-in', spec)]);
    expect(answer).toMatchObject({ verdict: 'denied', because: { ingress: 'l7' }, agrees: true });
    expect(answer.sides?.ingress.proxy).toEqual({ scope: 'restricted', allows: ['GET /ok'] });
    expect(answer.fix?.steps).toMatchObject([{ path: 'spec.ingress[0].toPorts[0].rules.http[1]' }]);
  });

  test('a name that the DNS proxy refused is denied, and the fix is that one name', async () => {
    const dns = [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchName: 'ok.example' }] } }];
    const spec = {
      endpointSelector: { matchLabels: { app: 'web' } },
      egress: [{ toEndpoints: [{ matchLabels: { app: 'api' } }], toPorts: dns }],
    };
    const flow = record({
      source: web,
      destination: api,
      traffic_direction: 'EGRESS',
      Type: 'L7',
      event_type: { type: 129 },
      verdict: 'DROPPED',
      l4: { UDP: { source_port: 41_000, destination_port: 53 } },
      l7: { type: 'REQUEST', dns: { query: 'bad.example.' } },
    });
    const answer = await why(flow, [policy('dns', spec)]);
    expect(answer).toMatchObject({ verdict: 'denied', because: { egress: 'l7' }, agrees: true });
    expect(answer.fix?.steps[0]?.manifest).toContain('matchName: bad.example\n');
  });

  test('ICMP is judged by its type', async () => {
    const flow = record({ ...dropped, l4: { ICMPv4: { type: 8 } } });
    const answer = await why(flow, [policy('api-in', fromWeb('8080'))]);
    expect(answer).toMatchObject({ verdict: 'denied', agrees: true });
    expect(answer.fix?.steps[0]?.manifest).toContain('type: 8');
  });

  test('waiting for authentication is no policy’s drop, and the walk is shown beside it', async () => {
    const spec = {
      ...fromWeb('8443'),
      ingress: [{ ...fromWeb('8443').ingress[0], authentication: { mode: 'required' } }],
    };
    const flow = record({ ...connection, verdict: 'DROPPED', drop_reason_desc: 'AUTH_REQUIRED' });
    const answer = await why(flow, [policy('api-in', spec)]);
    expect(answer).toMatchObject({ verdict: 'not-policy', egress: 'allowed', ingress: 'allowed' });
    expect(answer.sides?.ingress.authentication).toEqual(['required']);
  });
});
