import { describe, expect, test } from 'vitest';
import { disabledLabel } from '../edit/disabled-label.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Policy } from '../model/policy.ts';
import type { Flow } from '../model/world.ts';
import { compile } from './engine.ts';

const world = {
  endpoints: [
    { id: 'web', namespace: 'shop', labels: { app: 'web' } },
    { id: 'api', namespace: 'shop', labels: { app: 'api' }, ports: [{ name: 'http', port: 8080 }] },
    { id: 'mon', namespace: 'ops', labels: { app: 'mon' } },
    { id: 'net', cidr: '203.0.113.9/32' },
    { id: 'host', entity: 'host' },
  ],
};

function policy(spec: object, name = 'p'): Policy {
  const metadata = { name, namespace: 'shop' };
  const lowered = lowerPolicy({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec });
  if (!lowered.ok) throw new Error(lowered.problems.map(({ message }) => message).join());
  return lowered.value;
}

const api = { matchLabels: { app: 'api' } };
const web = { matchLabels: { app: 'web' } };
const tcp = (port: string): object => ({ ports: [{ port, protocol: 'TCP' }] });

describe('why', () => {
  const engine = compile(
    [policy({ endpointSelector: api, ingress: [{ fromEndpoints: [web], toPorts: [tcp('8080')] }] })],
    world,
  );
  const explain = (flow: Flow): ReturnType<typeof engine.explain> => engine.explain({ protocol: 'TCP', ...flow });

  test('an allowed connection names the rule, its peer and its port', () => {
    const { decidedBy, sides } = explain({ from: 'web', to: 'api', port: 8080 });
    expect(decidedBy).toEqual([
      {
        policy: 'CiliumNetworkPolicy/shop/p',
        direction: 'ingress',
        rule: 'ingress[0]',
        path: 'spec.ingress[0]',
        effect: 'allow',
        peer: 0,
        port: 0,
      },
    ]);
    expect([sides.egress.reason, sides.ingress.reason]).toEqual(['no-policy', 'allow']);
  });

  test.each([
    { flow: { from: 'web', to: 'api', port: 8443 }, differs: ['port 8443 is not 8080'] },
    { flow: { from: 'web', to: 'api', port: 8080, protocol: 'UDP' }, differs: ['protocol UDP is not TCP'] },
    {
      flow: { from: 'mon', to: 'api', port: 8080 },
      differs: ['label app is mon, not web', 'the namespace is ops, not shop'],
    },
    {
      flow: { from: 'net', to: 'api', port: 8080 },
      differs: ['the rule names pods, and the peer is an address outside the cluster'],
    },
  ])('a denial of $flow.from says what the nearest rule lacks: $differs', ({ flow, differs }) => {
    const { verdict, decidedBy, nearest } = explain(flow);
    expect(verdict).toBe('denied');
    expect(decidedBy.map(({ effect }) => effect)).toEqual(['default-deny']);
    expect(nearest[0]?.differs.map(({ message }) => message).toSorted()).toEqual(differs.toSorted());
  });

  test('a rule of a disabled policy that would have allowed it is named as such', () => {
    const off = { ...api, matchLabels: { ...api.matchLabels, [disabledLabel.key]: disabledLabel.value } };
    const disabled = policy({ endpointSelector: off, ingress: [{ fromEndpoints: [web] }] }, 'off');
    const denying = policy({ endpointSelector: api, ingress: [{ fromEntities: ['host'] }] }, 'on');
    const { nearest } = compile([disabled, denying], world).explain({
      protocol: 'TCP',
      from: 'web',
      to: 'api',
      port: 80,
    });
    expect(nearest[0]).toMatchObject({
      policy: 'CiliumNetworkPolicy/shop/off',
      differs: [{ what: 'disabled', message: 'its policy is disabled' }],
    });
  });

  test('the local host is let in without a rule, and so it says', () => {
    expect(explain({ from: 'host', to: 'api', port: 1 }).sides.ingress.reason).toBe('local-host');
  });

  test('a question about something that is not there has an error for an answer', () => {
    expect(explain({ from: 'nobody', to: 'api', port: 1 })).toMatchObject({
      verdict: 'error',
      error: 'there is no endpoint "nobody"',
    });
    expect(explain({ from: 'web', to: 'api', port: 'grpc' }).error).toBe(
      'the destination "api" has no port named "grpc" of TCP',
    );
  });

  test('a denying rule stands in the way of the allowing one', () => {
    const denying = policy({ endpointSelector: api, ingressDeny: [{ fromEndpoints: [web] }] }, 'no');
    const explained = engine.update({ policies: { put: [denying] } }).explain({ from: 'web', to: 'api', port: 8080 });
    expect(explained.sides.ingress.reason).toBe('deny');
    expect(explained.nearest[0]).toMatchObject({ policy: 'CiliumNetworkPolicy/shop/p', rule: 'ingress[0]' });
    expect(explained.nearest[0]?.differs.map(({ what }) => what)).toEqual(['denied']);
  });
});

describe('what the proxy does', () => {
  const rules = {
    http: [
      { method: 'GET', path: '/public' },
      { path: '/health.*', headers: ['X-Probe: yes'] },
    ],
  };
  const restricted = policy({
    endpointSelector: api,
    ingress: [{ fromEndpoints: [web], toPorts: [{ ...tcp('8080'), rules }] }],
  });
  const engine = compile([restricted], world);
  const ask = (method: string, path: string, headers = {}): string =>
    engine.verdict({ from: 'web', to: 'api', port: 8080, http: { method, path, headers } }).verdict;

  test('without a request the connection is allowed, to the proxy', () => {
    const { verdict, sides } = engine.explain({ from: 'web', to: 'api', port: 'http' });
    expect(verdict).toBe('allowed');
    expect(sides.ingress.l7).toMatchObject({ scope: 'restricted', rules: [{ rule: 'ingress[0]', http: rules.http }] });
  });

  test('a request must match one rule as a whole, query included', () => {
    expect(ask('GET', '/public')).toBe('allowed');
    expect(ask('GET', '/public/x')).toBe('denied');
    expect(ask('GET', '/public?x=1')).toBe('denied');
    expect(ask('POST', '/public')).toBe('denied');
    expect(ask('POST', '/healthz', { 'x-probe': 'yes' })).toBe('allowed');
    expect(ask('POST', '/healthz', { 'x-probe': 'no' })).toBe('denied');
  });

  test('a plain rule for the same peer opens the proxy', () => {
    const plain = policy({ endpointSelector: api, ingress: [{ fromEndpoints: [web] }] }, 'plain');
    const { sides, verdict } = engine
      .update({ policies: { put: [plain] } })
      .explain({ from: 'web', to: 'api', port: 8080, http: { method: 'POST', path: '/x' } });
    expect([verdict, sides.ingress.l7?.scope]).toEqual(['allowed', 'open']);
  });

  test('DNS rules judge the name that is asked for', () => {
    const dns = {
      endpointSelector: web,
      egress: [{ toPorts: [{ ports: [{ port: '53' }], rules: { dns: [{ matchPattern: '*.example.net' }] } }] }],
    };
    const names = compile([policy(dns)], world);
    const resolve = (name: string): string =>
      names.verdict({ from: 'web', to: 'mon', port: 53, protocol: 'UDP', dns: { name } }).egress;
    expect(resolve('CDN.example.net')).toBe('allowed');
    expect(resolve('example.net')).toBe('denied');
  });
});
