import { SourceError } from '@bartizan/backends';
import type { KubernetesObject, WatchedKind, WatchState } from '@bartizan/backends';
import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps, memoryCluster, memoryState } from '../deps.fixture.ts';

const base = '/api/v1/environments/shop/policies';
const web = `${base}/shop/NetworkPolicy/web`;

const stored: KubernetesObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { podSelector: { matchLabels: { app: 'web' } } },
};

function manifest(metadata: string, spec = 'podSelector: {}'): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {${metadata}}\nspec: {${spec}}\n`;
}

const environment = (id: string, namespaces: readonly string[]) => ({
  id,
  name: id,
  cluster: 'memory',
  namespaces,
  hosts: [],
  firewalls: [],
});
const environments = () => ({ items: [environment('shop', ['shop', 'pay']), environment('other', ['ops'])] });

async function open(objects: readonly KubernetesObject[] = [stored]) {
  const cluster = memoryCluster(objects);
  const state = memoryState();
  const app = await createApp(bareDeps({ environments, clusters: new Map([['memory', cluster]]), state }));
  const send = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    asked: { readonly body?: object; readonly headers?: Readonly<Record<string, string>> } = {},
  ) => app.inject({ method, url, headers: { ...asked.headers }, ...(asked.body ? { payload: asked.body } : {}) });
  const etag = async () => String((await send('GET', web)).headers['etag']);
  return { cluster, state, send, etag };
}

test.each([
  ['DELETE', web],
  ['POST', `${web}/revisions/1/restore`],
  ['PUT', `${web}/enforcement`],
] as const)('%s %s with a dry run that it does not have writes nothing', async (method, url) => {
  const { send, etag, cluster } = await open();
  const headers = { 'if-match': await etag() };
  const answer = await send(method, `${url}?dryRun=true`, {
    headers,
    body: method === 'PUT' ? { enabled: false } : {},
  });
  expect(answer.json()).toMatchObject({ status: 400, code: 'unknown-parameter' });
  expect(cluster.writes).toEqual([]);
  expect((await send('GET', web)).statusCode).toBe(200);
});

test.each([
  ['no namespace', manifest('name: a'), 'no-namespace', /write which of pay, shop/],
  ['a namespace of another environment', manifest('name: a, namespace: ops'), 'unknown-namespace', /has pay, shop/],
  ['a name that the cluster would make up', manifest('generateName: a-, namespace: shop'), 'no-name', /metadata.name/],
  ['no name', manifest('namespace: shop'), 'no-name', /missing/],
  ['metadata that is nothing', manifest('').replace('{}', 'null'), 'no-name', /missing/],
  ['metadata that is text', manifest('').replace('{}', 'web'), 'wrong-type', /must be a map/],
  ['a name that is a number', manifest('name: 7, namespace: shop'), 'wrong-type', /quote it/],
])('a manifest with %s is refused when it is written and told when it is looked at', async (_, text, code, message) => {
  const { send, cluster } = await open([]);
  const written = (await send('POST', base, { body: { manifest: text } })).json();
  expect(written).toMatchObject({
    status: 422,
    code: 'invalid-manifest',
    detail: expect.stringMatching(/\. Nothing was/),
  });
  const looked = (await send('POST', `${base}/preview`, { body: { manifest: text } })).json();
  expect(looked).toMatchObject({ refusal: null, effect: null, diff: { before: null } });
  for (const { problems } of [written, looked]) {
    const found = problems.find((problem: { code: string }) => problem.code === code);
    expect(found).toMatchObject({ severity: 'error', line: 3, message: expect.stringMatching(message) });
  }
  expect(cluster.writes).toEqual([]);
});

test('what was deleted meanwhile is a conflict for who writes it, and not there for who deletes it', async () => {
  const { send } = await open([]);
  const headers = { 'if-match': '"7"' };
  const body = { manifest: manifest('name: web, namespace: shop') };
  expect((await send('PUT', web, { headers, body })).json()).toMatchObject({
    status: 412,
    current: null,
    yours: { resourceVersion: '7', ...body },
  });
  expect((await send('PUT', `${web}/enforcement`, { headers, body: { enabled: true } })).json()).toMatchObject({
    status: 412,
    current: null,
  });
  expect((await send('DELETE', web, { headers })).json()).toMatchObject({ status: 404, code: 'unknown-policy' });
});

test('a version is brought back over what is there only by who has seen that', async () => {
  const { send, etag, cluster } = await open([]);
  await send('POST', base, { body: { manifest: manifest('name: web, namespace: shop') } });
  const restore = (headers: Record<string, string>) => send('POST', `${web}/revisions/1/restore`, { headers });
  expect((await restore({})).json()).toMatchObject({ status: 428, code: 'precondition-needed' });
  expect((await restore({ 'if-match': '"1"' })).json()).toMatchObject({
    status: 412,
    yours: { revision: 1, resourceVersion: '1' },
  });
  expect(cluster.writes).toHaveLength(1);
  expect((await restore({ 'if-match': await etag() })).statusCode).toBe(200);
});

test('a version that would be refused today is not brought back, and its problems are told', async () => {
  const { send, state, cluster } = await open([]);
  const text = manifest('name: web, namespace: shop', 'podSelector: {}, ingress: [{ports: [{port: 70000}]}]');
  await state.addRevision({
    cluster: 'memory',
    kind: 'NetworkPolicy',
    namespace: 'shop',
    name: 'web',
    atMs: 0,
    by: 'kubectl',
    action: 'observed',
    note: null,
    before: null,
    after: text,
  });
  expect((await send('POST', `${web}/revisions/1/restore`)).json()).toMatchObject({
    status: 422,
    code: 'invalid-manifest',
    problems: [{ path: 'spec.ingress[0].ports[0].port' }],
  });
  expect(cluster.writes).toEqual([]);
});

test('a timed change is ended from an environment that its policy belongs to', async () => {
  const { send, etag } = await open();
  const headers = { 'if-match': await etag() };
  const changed = await send('PUT', `${web}/enforcement?revertAfter=5m`, { headers, body: { enabled: false } });
  const { id } = changed.json().pending;
  const confirm = (env: string) => send('POST', `/api/v1/environments/${env}/policies/pending/${id}/confirm`);
  expect((await confirm('nowhere')).json()).toMatchObject({ status: 404, code: 'unknown-environment' });
  expect((await confirm('other')).json()).toMatchObject({ status: 404, code: 'unknown-pending' });
  expect((await confirm('-')).json()).toMatchObject({ outcome: 'confirmed', policy: { name: 'web' } });
});

test('what the API server gives an object itself is not sent back to it', async () => {
  const { send, etag, cluster } = await open();
  const pasted = manifest(
    'name: web, namespace: shop, resourceVersion: "3", uid: old, generation: 9, managedFields: []',
  );
  await send('PUT', web, { headers: { 'if-match': await etag() }, body: { manifest: pasted } });
  expect(Object.keys(cluster.writes[0]?.metadata ?? {}).toSorted()).toEqual(['name', 'namespace', 'resourceVersion']);
});

test.each([
  ['NetworkPolicy', 'networking.k8s.io/v1', 'shop', 'podSelector: {}'],
  ['CiliumNetworkPolicy', 'cilium.io/v2', 'shop', 'endpointSelector: {}, ingress: [{}]'],
  ['CiliumClusterwideNetworkPolicy', 'cilium.io/v2', '-', 'endpointSelector: {}, ingress: [{}]'],
])(
  'a %s is created, found, disabled, enabled and deleted at its own place',
  async (kind, apiVersion, namespace, spec) => {
    const { send } = await open([]);
    const inside = namespace === '-' ? '' : `, namespace: ${namespace}`;
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a${inside}}\nspec: {${spec}}\n`;
    const url = `${base}/${namespace}/${kind}/a`;
    const created = await send('POST', base, { body: { manifest: text } });
    expect(created.json()).toMatchObject({ kind, name: 'a', enabled: true });
    expect((await send('GET', url)).json()).toEqual(created.json());
    let etag = String(created.headers['etag']);
    for (const enabled of [false, true]) {
      const switched = await send('PUT', `${url}/enforcement`, { headers: { 'if-match': etag }, body: { enabled } });
      expect(switched.json()).toMatchObject({ enabled, state: enabled ? 'enforced' : 'disabled' });
      etag = String(switched.headers['etag']);
    }
    expect((await send('DELETE', url, { headers: { 'if-match': etag } })).json()).toEqual({
      deleted: true,
      revision: 4,
    });
    expect((await send('GET', url)).statusCode).toBe(404);
  },
);

test('what the cluster refuses is told in its own words, and nothing is recorded', async () => {
  const cluster = memoryCluster([]);
  const reason = 'admission webhook "policies.example" denied the request: ask the platform team';
  const refuse = async () => {
    throw new SourceError({ code: 'refused', source: 'memory', attempted: 'create it', reason });
  };
  const state = memoryState();
  const clusters = new Map([['memory', { ...cluster, create: refuse }]]);
  const app = await createApp(bareDeps({ environments, clusters, state }));
  const payload = { manifest: manifest('name: web, namespace: shop') };
  expect((await app.inject({ method: 'POST', url: base, payload })).json()).toMatchObject({
    status: 422,
    code: 'source-refused',
    detail: expect.stringContaining(reason),
  });
  expect((await app.inject({ method: 'POST', url: `${base}/preview`, payload })).json()).toMatchObject({
    problems: [],
    refusal: expect.stringContaining(reason),
  });
  expect((await app.inject(`${web}/revisions`)).json()).toEqual({ items: [] });
});

test('where one kind cannot be read, the others are listed and the gap names it', async () => {
  const cluster = memoryCluster([stored]);
  const reason = 'the account may not list them';
  const clusters = new Map([
    [
      'memory',
      {
        ...cluster,
        state: (kind: WatchedKind): WatchState =>
          kind === 'CiliumNetworkPolicy' ? { state: 'forbidden', reason, sinceMs: 0 } : { state: 'ok', syncedAtMs: 0 },
      },
    ],
  ]);
  const app = await createApp(bareDeps({ environments, clusters }));
  const { items, coverage } = (await app.inject(base)).json();
  expect(items[0]).toMatchObject({ kind: 'NetworkPolicy', name: 'web' });
  expect(coverage).toMatchObject({
    complete: false,
    gaps: expect.arrayContaining([{ source: 'memory', reason: `CiliumNetworkPolicy: ${reason}` }]),
  });
});
