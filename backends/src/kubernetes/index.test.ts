import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Cluster, WatchedKind } from '../cluster.ts';
import { openCluster } from './index.ts';

let folder: string;
let server: Server;
let cluster: Cluster | undefined;
/** What the server does with requests for network policies; all other kinds are empty. */
let policies: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bartizan-cluster-'));
  policies = (request, response) => (isWatch(request) ? response.flushHeaders() : list(response, []));
  server = createServer((request, response) => {
    if (request.url?.includes('/networkpolicies')) policies(request, response);
    else if (isWatch(request)) response.flushHeaders();
    else list(response, []);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await cluster?.close();
  server.close().closeAllConnections();
  await rm(folder, { recursive: true });
});

async function open({ user = '{}', silenceMs = 5000 } = {}): Promise<Cluster> {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const kubeconfig = join(folder, 'config');
  await writeFile(
    kubeconfig,
    `current-context: c
clusters: [{name: c, cluster: {server: "http://127.0.0.1:${port}"}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
users: [{name: u, user: ${user}}]`,
  );
  const pace = { firstRetryMs: 5, longestRetryMs: 20, silenceMs };
  cluster = openCluster({
    name: 'test',
    kubeconfig,
    clock: () => new Date(),
    pace,
    timeoutMs: 500,
    environment: { PATH: '/usr/bin:/bin' },
  });
  return cluster;
}

function isWatch(request: IncomingMessage): boolean {
  return request.url?.includes('watch=true') ?? false;
}

function list(response: ServerResponse, names: readonly string[], resourceVersion = '1'): void {
  response.end(JSON.stringify({ metadata: { resourceVersion }, items: names.map((name) => ({ metadata: { name } })) }));
}

function event(response: ServerResponse, type: string, name: string, resourceVersion: string): void {
  response.write(`${JSON.stringify({ type, object: { metadata: { name, resourceVersion } } })}\n`);
}

function names(of: Cluster, kind: WatchedKind = 'NetworkPolicy'): readonly string[] {
  return of.list(kind).map(({ metadata }) => metadata.name);
}

test('a watch goes on where it broke off, and lists anew only where the server has forgotten', async () => {
  const asked: string[] = [];
  policies = (request, response) => {
    const version = new URL(request.url ?? '', 'http://x').searchParams.get('resourceVersion');
    asked.push(version ?? 'list');
    if (!isWatch(request)) return list(response, asked.length === 1 ? ['a'] : ['c'], asked.length === 1 ? '1' : '9');
    if (version === '1') {
      event(response, 'ADDED', 'b', '5');
      response.write('{"type":"MODIFIED","object":{"metadata":{"na');
      setTimeout(() => response.destroy(), 20);
      return;
    }
    if (version === '5') return response.end('{"type":"ERROR","object":{"code":410,"message":"too old"}}\n');
    response.flushHeaders();
  };
  const opened = await open();
  await vi.waitFor(() => expect(names(opened)).toEqual(['c']));
  expect(asked.slice(0, 4)).toEqual(['list', '1', '5', 'list']);
});

test('a page that has expired meanwhile is made up for by the whole list', async () => {
  policies = (request, response) => {
    if (isWatch(request)) return response.flushHeaders();
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    if (query.get('continue') !== null) return response.writeHead(410).end('{"code":410,"message":"expired"}');
    if (query.get('limit') === null) return list(response, ['a', 'b'], '4');
    response.end(
      JSON.stringify({ metadata: { resourceVersion: '3', continue: 'x' }, items: [{ metadata: { name: 'a' } }] }),
    );
  };
  const opened = await open();
  await opened.synced;
  expect(names(opened)).toEqual(['a', 'b']);
});

test('a stream that falls silent is opened anew', async () => {
  let watches = 0;
  policies = (request, response) => {
    if (!isWatch(request)) return list(response, []);
    watches += 1;
    if (watches > 1) event(response, 'ADDED', 'after', '2');
    response.flushHeaders();
  };
  const opened = await open({ silenceMs: 50 });
  await vi.waitFor(() => expect(names(opened)).toEqual(['after']));
  expect(opened.state('NetworkPolicy').state).toBe('ok');
});

test('a token that is refused is read again from its file', async () => {
  const seen = new Set<string>();
  policies = (request, response) => {
    seen.add(request.headers.authorization ?? '');
    if (request.headers.authorization !== 'Bearer fresh') {
      void writeFile(join(folder, 'token'), 'fresh\n').then(() => response.writeHead(401).end('{}'));
      return;
    }
    if (isWatch(request)) response.flushHeaders();
    else list(response, ['a']);
  };
  await writeFile(join(folder, 'token'), 'stale\n');
  const opened = await open({ user: '{tokenFile: token}' });
  await opened.synced;
  expect(names(opened)).toEqual(['a']);
  expect([...seen]).toEqual(['Bearer stale', 'Bearer fresh']);
});

test('a credential plugin is asked once, with the question in its environment', async () => {
  const plugin = join(folder, 'login.mjs');
  await writeFile(
    plugin,
    `import { appendFileSync, readFileSync } from 'node:fs';
     const { kind } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
     const count = appendAndCount();
     console.log(JSON.stringify({ status: { token: kind + '-' + process.env.WHO + '-' + count } }));
     function appendAndCount() { appendFileSync(${JSON.stringify(join(folder, 'runs'))}, 'x'); return readFileSync(${JSON.stringify(join(folder, 'runs'))}).length; }`,
  );
  const seen: string[] = [];
  policies = (request, response) => {
    seen.push(request.headers.authorization ?? '');
    if (isWatch(request)) response.flushHeaders();
    else list(response, ['a']);
  };
  const exec = `{command: ${process.execPath}, args: [${plugin}], env: [{name: WHO, value: mara}]}`;
  const opened = await open({ user: `{exec: ${exec}}` });
  await opened.synced;
  expect(new Set(seen)).toEqual(new Set(['Bearer ExecCredential-mara-1']));
});

test.each<[string, (response: ServerResponse) => void, string, RegExp]>([
  [
    'an answer that is no JSON',
    (response) => response.end('<html>sign in</html>'),
    'unreachable',
    /the answer is not JSON/,
  ],
  [
    'an answer that is no list',
    (response) => response.end('{"kind":"Status"}'),
    'unreachable',
    /the answer is not a list/,
  ],
  [
    'an error of the server',
    (response) => response.writeHead(500).end('{"message":"etcd is gone"}'),
    'unreachable',
    /etcd is gone/,
  ],
  ['no answer', () => undefined, 'unreachable', /no answer in time/],
  ['a refusal', (response) => response.writeHead(403).end('{"message":"mara may not"}'), 'forbidden', /mara may not/],
  ['a missing kind', (response) => response.writeHead(404).end('404 page not found'), 'missing', /404 page not found/],
])('%s is the state of its kind alone, and passes', async (_, answer, state, reason) => {
  let isBroken = true;
  policies = (request, response) => {
    if (isBroken) return answer(response);
    if (isWatch(request)) response.flushHeaders();
    else list(response, ['a']);
  };
  const opened = await open();
  await opened.synced;
  expect(opened.state('NetworkPolicy')).toMatchObject({ state, reason });
  expect(opened.state('Pod')).toMatchObject({ state: 'ok' });
  isBroken = false;
  await vi.waitFor(() => expect(opened.state('NetworkPolicy').state).toBe('ok'), { timeout: 3000 });
  expect(names(opened)).toEqual(['a']);
});

test('a kubeconfig that is not there says so, and is taken as soon as it is', async () => {
  const pace = { firstRetryMs: 5, longestRetryMs: 20 };
  cluster = openCluster({ name: 'test', kubeconfig: join(folder, 'later'), clock: () => new Date(), pace });
  await cluster.synced;
  expect(cluster.state('Pod')).toMatchObject({
    state: 'unreachable',
    reason: /test could not list pods: .*no such file/,
  });
  const { port } = Object(server.address());
  const config = {
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
    contexts: [{ name: 'c', context: { cluster: 'c' } }],
    'current-context': 'c',
  };
  await writeFile(join(folder, 'later'), JSON.stringify(config));
  const opened = cluster;
  await vi.waitFor(() => expect(opened.state('Pod').state).toBe('ok'));
});
