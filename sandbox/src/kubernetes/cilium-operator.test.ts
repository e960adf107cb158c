import type { Server } from 'node:http';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { closeServer, listenOnFreePort } from '../listening.ts';
import { runCiliumOperator } from './cilium-operator.ts';
import { refusalsOf } from './policy-schema.ts';
import { createApiServer } from './server.ts';
import { createStore } from './store.ts';
import { resourceOfKind } from './resources.ts';

const ending = new AbortController();
const store = createStore({ firstVersion: 1000, keep: 1000 });
let now = new Date('2026-11-26T12:00:00Z');
let server: Server;
let base = '';

beforeAll(async () => {
  const home = resourceOfKind('Namespace');
  if (home) store.put(home, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  runCiliumOperator({ store, now: () => now, signal: ending.signal });
  server = createApiServer({
    store,
    now: () => now,
    validate: refusalsOf,
    newUid: () => 'uid',
    newSuffix: () => 'x',
    faultOf: () => undefined,
  });
  base = `http://127.0.0.1:${await listenOnFreePort(server)}/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies`;
});

afterAll(async () => {
  ending.abort();
  await closeServer(server);
});

interface Stored {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: object;
  readonly status?: { readonly conditions: readonly Readonly<Record<string, unknown>>[] };
}

async function ask(method: string, path: string, body?: object): Promise<Stored> {
  const headers = { 'Content-Type': 'application/json', 'User-Agent': 'tester/1.0' };
  const response = await fetch(`${base}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return (await response.json()) as Stored;
}

const judged = (name: string, status: string) =>
  vi.waitFor(async () => {
    const stored = await ask('GET', `/${name}`);
    expect(stored.status?.conditions).toMatchObject([{ type: 'Valid', status }]);
    return stored;
  });

test('every Cilium policy is judged a moment after it was written, and its version moves with it', async () => {
  const written = await ask('POST', '', { metadata: { name: 'fine' }, spec: { endpointSelector: {}, ingress: [{}] } });
  expect(written).not.toHaveProperty('status');
  const stored = await judged('fine', 'True');
  expect(stored.metadata['resourceVersion']).not.toBe(written.metadata['resourceVersion']);
  expect(stored.metadata['generation']).toBe(written.metadata['generation']);
  expect(stored.metadata['managedFields']).toMatchObject([
    { manager: 'tester' },
    { manager: 'cilium-operator-generic', subresource: 'status' },
  ]);
});

test('what a client says of the status does not count, and a change keeps what the operator said until it judges anew', async () => {
  await ask('POST', '', { metadata: { name: 'turns' }, spec: { endpointSelector: {}, ingress: [{}] } });
  const before = await judged('turns', 'True');
  now = new Date('2026-11-26T13:00:00Z');
  const refused = { ...before, spec: { endpointSelector: {}, ingress: [] }, status: { conditions: [] } };
  const answer = await ask('PUT', '/turns', refused);
  expect(answer.status).toEqual(before.status);
  const after = await judged('turns', 'False');
  expect(after.status?.conditions[0]).toMatchObject({ lastTransitionTime: '2026-11-26T13:00:00Z' });
  expect(after.metadata['managedFields']).toMatchObject([{ manager: 'tester' }, { subresource: 'status' }]);
});

test('a node selector in a namespaced policy, which only the agents refuse, is called valid', async () => {
  await ask('POST', '', { metadata: { name: 'nodes' }, spec: { nodeSelector: {}, ingress: [{}] } });
  const { status } = await judged('nodes', 'True');
  expect(status?.conditions[0]).toMatchObject({ message: 'Policy validation succeeded' });
});
