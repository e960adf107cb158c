import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../kubernetes/object.ts';
import { resourceOfKind } from '../kubernetes/resources.ts';
import { createStore } from '../kubernetes/store.ts';
import type { Store } from '../kubernetes/store.ts';
import { createRandom } from '../seeded.ts';
import { buildWorld } from '../world/world.ts';
import type { Attempt } from './attempt.ts';
import { readEnds } from './ends.ts';
import { createJudge } from './judge.ts';
import { runNetwork } from './network.ts';
import type { ObservedEvent } from '../events/flow-event.ts';

const now = new Date('2026-11-26T12:00:00Z');

function newWorld(): Store {
  const store = createStore({ firstVersion: 1, keep: 10 });
  buildWorld({ store, random: createRandom(1), now, edits: [] });
  return store;
}

function attempt(store: Store, from: string, to: string, more: Partial<Attempt>): Attempt {
  const ends = readEnds(store);
  const end = (name: string): Attempt['from'] =>
    (name.includes('/') ? ends.ofWorkload(name)[0] : undefined) ?? ends.outside(name);
  return { time: 0, from: end(from), to: end(to), protocol: 'TCP', port: 443, sourcePort: 40_000, retries: 0, ...more };
}

function put(store: Store, kind: string, place: string, change: (object: KubeObject) => KubeObject): void {
  const resource = resourceOfKind(kind);
  const [namespace = '', name = ''] = place.split('/');
  const object = resource && store.get(resource, namespace, name);
  if (resource && object) store.put(resource, change(object));
}

describe('a judgement', () => {
  const store = newWorld();
  const judge = createJudge(store);

  test('of an allowed connection names the policies of both sides', () => {
    const { egress, ingress } = judge(attempt(store, 'shop-prod/checkout', 'payments/payment-gateway', { port: 8443 }));
    expect(egress).toMatchObject({ verdict: 'allowed', matchType: 2, policies: [{ name: 'checkout-egress' }] });
    expect(ingress).toMatchObject({ verdict: 'allowed', policies: [{ name: 'allow-checkout-to-gateway' }] });
  });

  test('tells a deny rule from the lack of a rule', () => {
    const metadata = judge(attempt(store, 'shop-prod/media', '169.254.169.254', { port: 80 }));
    expect(metadata.egress).toMatchObject({ because: 'deny', policies: [{ name: 'block-metadata-service' }] });
    const cdn = judge(attempt(store, 'shop-prod/media', 'cdn.alpenshop.example', {}));
    expect(cdn.egress).toMatchObject({ verdict: 'denied', because: 'default-deny', policies: [] });
  });

  test('of a request that the proxy refuses lets the connection through', () => {
    const http = { method: 'DELETE', path: '/api/catalog/items/TS-0412', status: 204 };
    const { ingress } = judge(attempt(store, 'shop-prod/web', 'shop-prod/catalog', { port: 8080, http }));
    expect(ingress).toMatchObject({ verdict: 'allowed', proxy: 'refuses' });
  });

  test('of the node and its own pods: always allowed', () => {
    const ends = readEnds(store);
    const [to] = ends.ofWorkload('shop-prod/web');
    const probe = {
      ...attempt(store, 'shop-prod/web', 'shop-prod/web', { port: 8081 }),
      from: ends.host(to?.node ?? ''),
    };
    expect(judge(probe).ingress.verdict).toBe('allowed');
  });
});

test('a policy that Cilium refuses decides nothing, whatever stands in it', () => {
  const store = newWorld();
  const resource = resourceOfKind('CiliumNetworkPolicy');
  const odd: readonly object[] = [
    { endpointSelector: { matchLabels: { app: 'checkout' } }, egress: [{ toPorts: [{ ports: [{ port: 'x y' }] }] }] },
    {
      endpointSelector: {},
      ingress: [{ toPorts: [{ ports: [{ port: '8443', protocol: 'TCP' }], rules: { http: [{ path: '(' }] } }] }],
    },
    { endpointSelector: {}, egress: [{ toCIDR: ['nonsense'] }] },
    { endpointSelector: 7 },
  ];
  for (const [index, spec] of odd.entries()) {
    const metadata = { name: `odd-${index}`, namespace: index % 2 === 0 ? 'shop-prod' : 'payments' };
    if (resource)
      store.put(resource, { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec: { ...spec } });
  }
  const { egress, ingress } = createJudge(store)(
    attempt(store, 'shop-prod/checkout', 'payments/payment-gateway', { port: 8443 }),
  );
  expect([egress.verdict, ingress.verdict]).toEqual(['allowed', 'allowed']);
});

test('the loop is closed: what a policy stops goes through once it allows it', async () => {
  const store = newWorld();
  const end = new AbortController();
  let time = now.getTime();
  const seen: ObservedEvent[] = [];
  const network = runNetwork({
    store,
    past: undefined,
    random: createRandom(1),
    historyMinutes: 60,
    now: () => new Date(time),
    signal: end.signal,
    log: () => undefined,
    remember: (events) => seen.push(...events),
    countLive: () => undefined,
  });
  await network.history;
  const toCdn = (): ObservedEvent[] =>
    seen.filter(
      (event) => event.kind === 'policy-verdict' && event.destination.names.includes('cdn.alpenshop.example'),
    );
  expect(toCdn().length).toBeGreaterThan(20);
  expect(toCdn().every((event) => event.kind !== 'lost' && event.verdict === 'DROPPED')).toBe(true);

  put(store, 'CiliumNetworkPolicy', 'shop-prod/media-cdn', (policy) => ({
    ...policy,
    spec: { ...Object(policy['spec']), endpointSelector: { matchLabels: { app: 'media' } } },
  }));
  seen.length = 0;
  time += 30 * 60_000;
  while (toCdn().length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(toCdn().every((event) => event.kind !== 'lost' && event.verdict === 'FORWARDED')).toBe(true);
  end.abort();
  await network.close();
});
