import type { KubernetesObject } from '@bartizan/backends';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps, memoryCluster, memoryState } from '../deps.fixture.ts';

const base = '/api/v1/environments/shop/policies';
const web = `${base}/shop/NetworkPolicy/web`;

function manifest(app: string, name = 'web'): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  podSelector:\n    matchLabels:\n      app: ${app}\n`;
}

function stored(app: string): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app } } },
  };
}

async function open(
  objects: readonly KubernetesObject[],
  options: { state?: ReturnType<typeof memoryState>; now?: () => Date } = {},
) {
  const cluster = memoryCluster(objects);
  const state = options.state ?? memoryState();
  const app = await createApp(
    bareDeps({ clusters: new Map([['memory', cluster]]), state, ...(options.now ? { clock: options.now } : {}) }),
  );
  const send = (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    payload?: object,
    headers: Record<string, string> = {},
  ) => app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
  const etag = async (url = web) => String((await send('GET', url)).headers['etag']);
  return { app, cluster, state, send, etag };
}

afterEach(() => vi.useRealTimers());

describe('writing a policy', () => {
  test('creates it, with a revision that says why, and never twice', async () => {
    const { send } = await open([]);
    const created = await send('POST', base, { manifest: manifest('web'), note: 'first' });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ name: 'web', state: 'enforced' });
    expect((await send('GET', `${web}/revisions`)).json().items).toMatchObject([
      { revision: 1, action: 'create', note: 'first' },
    ]);
    expect((await send('POST', base, { manifest: manifest('web') })).json()).toMatchObject({
      status: 412,
      code: 'changed-meanwhile',
    });
  });

  test('a dry run writes and records nothing', async () => {
    const { send, cluster } = await open([]);
    expect((await send('POST', `${base}?dryRun=true`, { manifest: manifest('web') })).statusCode).toBe(200);
    expect(cluster.writes).toEqual([]);
    expect((await send('GET', `${web}/revisions`)).json().items).toEqual([]);
  });

  test('replaces the version that was seen, and no other', async () => {
    const { send, etag } = await open([stored('web')]);
    const seen = await etag();
    expect((await send('PUT', web, { manifest: manifest('other') }, { 'if-match': seen })).json().manifest).toContain(
      'app: other',
    );
    const late = (await send('PUT', web, { manifest: manifest('third') }, { 'if-match': seen })).json();
    expect(late).toMatchObject({
      status: 412,
      yours: { manifest: manifest('third') },
      current: { manifest: expect.stringContaining('app: other') },
    });
    expect((await send('PUT', web, { manifest: manifest('third') })).statusCode).toBe(428);
  });

  test.each([
    ['a manifest of another policy', manifest('web', 'other'), 'other-object'],
    ['two objects', `${manifest('web')}---\n${manifest('web', 'b')}`, 'invalid-manifest'],
    ['an empty text', '', 'invalid-manifest'],
    ['lines indented by tabs', manifest('web').replaceAll('  ', '\t'), 'invalid-manifest'],
    ['no metadata', manifest('web').replace(/metadata:[^]*spec:/, 'spec:'), 'invalid-manifest'],
    ['what is no YAML', 'a: [', 'invalid-manifest'],
    ['what is no policy', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n', 'invalid-manifest'],
    ['what the API server would refuse', manifest('web').replace('podSelector', 'podSelektor'), 'invalid-manifest'],
  ])('refuses %s, with its problems, and writes nothing', async (_, text, code) => {
    const { send, etag, cluster } = await open([stored('web')]);
    expect((await send('PUT', web, { manifest: text }, { 'if-match': await etag() })).json()).toMatchObject({
      status: 422,
      code,
    });
    expect(cluster.writes).toEqual([]);
  });

  test('deletes it, and brings any version back, also the deleted one', async () => {
    const { send, etag } = await open([]);
    await send('POST', base, { manifest: manifest('one') });
    await send('PUT', web, { manifest: manifest('two') }, { 'if-match': await etag() });
    expect((await send('DELETE', web, undefined, { 'if-match': await etag() })).json()).toMatchObject({
      deleted: true,
      revision: 3,
    });
    expect((await send('GET', web)).statusCode).toBe(404);
    expect((await send('POST', `${web}/revisions/3/restore`)).json().manifest).toContain('app: two');
    const back = await send('POST', `${web}/revisions/1/restore`, undefined, { 'if-match': await etag() });
    expect(back.json().manifest).toContain('app: one');
    const actions = (await send('GET', `${web}/revisions`)).json().items.map((item: { action: string }) => item.action);
    expect(actions).toEqual(['restore', 'restore', 'delete', 'update', 'create']);
  });
});

describe('a timed change', () => {
  async function timed(objects: readonly KubernetesObject[]) {
    vi.useFakeTimers({ now: Date.parse('2026-06-15T12:00:00Z'), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const opened = await open(objects, { now: () => new Date() });
    const changed = await opened.send(
      'PUT',
      `${web}?revertAfter=5m`,
      { manifest: manifest('try') },
      { 'if-match': await opened.etag() },
    );
    return { ...opened, pending: changed.json().pending as { id: string; revertAt: string } };
  }

  test('goes back by itself when nobody confirms it', async () => {
    const { send, pending } = await timed([stored('web')]);
    expect(pending.revertAt).toBe('2026-06-15T12:05:00.000Z');
    await vi.advanceTimersByTimeAsync(299_000);
    expect((await send('GET', web)).json()).toMatchObject({ pending, manifest: expect.stringContaining('app: try') });
    await vi.advanceTimersByTimeAsync(2000);
    const after = (await send('GET', web)).json();
    expect(after.manifest).toContain('app: web');
    expect(after).not.toHaveProperty('pending');
  });

  test('stays when it is confirmed, and goes back at once when asked', async () => {
    const kept = await timed([stored('web')]);
    expect((await kept.send('POST', `${base}/pending/${kept.pending.id}/confirm`)).json()).toMatchObject({
      outcome: 'confirmed',
    });
    await vi.advanceTimersByTimeAsync(600_000);
    expect((await kept.send('GET', web)).json().manifest).toContain('app: try');
    expect((await kept.send('POST', `${base}/pending/${kept.pending.id}/revert`)).statusCode).toBe(404);
    const undone = await timed([stored('web')]);
    expect((await undone.send('POST', `${base}/pending/${undone.pending.id}/revert`)).json()).toMatchObject({
      outcome: 'reverted',
    });
    expect((await undone.send('GET', web)).json().manifest).toContain('app: web');
  });

  test('never overwrites what somebody changed meanwhile: it stops and says so', async () => {
    const { send, etag } = await timed([stored('web')]);
    await send('PUT', web, { manifest: manifest('theirs') }, { 'if-match': await etag() });
    await vi.advanceTimersByTimeAsync(301_000);
    expect((await send('GET', web)).json().manifest).toContain('app: theirs');
    expect((await send('GET', `${web}/revisions`)).json().items[0]).toMatchObject({
      action: 'observed',
      note: expect.stringContaining('not taken back'),
    });
  });

  test('on top of another takes that back with it when its time comes later', async () => {
    const { send, etag } = await timed([stored('web')]);
    await vi.advanceTimersByTimeAsync(60_000);
    const headers = { 'if-match': await etag() };
    const { pending } = (await send('PUT', `${web}?revertAfter=10m`, { manifest: manifest('again') }, headers)).json();
    await vi.advanceTimersByTimeAsync(300_000);
    expect((await send('GET', web)).json()).toMatchObject({ pending, manifest: expect.stringContaining('app: again') });
    await vi.advanceTimersByTimeAsync(301_000);
    expect((await send('GET', web)).json().manifest).toContain('app: web');
  });

  test('goes back also when the console restarted in between', async () => {
    const first = await timed([stored('web')]);
    await first.app.close();
    const app = await createApp(
      bareDeps({ clusters: new Map([['memory', first.cluster]]), state: first.state, clock: () => new Date() }),
    );
    await vi.advanceTimersByTimeAsync(301_000);
    expect((await app.inject({ url: web })).json().manifest).toContain('app: web');
  });
});

describe('changes made elsewhere', () => {
  test('are recorded as observed, once', async () => {
    const { send, cluster, state } = await open([stored('web')]);
    const ref = { cluster: 'memory', kind: 'NetworkPolicy', namespace: 'shop', name: 'web' };
    await vi.waitFor(async () => expect(await state.revisions(ref)).toHaveLength(1), 5000);
    const current = await cluster.read({ ...ref, kind: 'NetworkPolicy' }, new AbortController().signal);
    await cluster.replace(
      { ...current, spec: { podSelector: {} } },
      { dryRun: false, signal: new AbortController().signal },
    );
    cluster.changed('NetworkPolicy');
    await vi.waitFor(async () => expect(await state.revisions(ref)).toHaveLength(2), 5000);
    expect((await send('GET', `${web}/revisions`)).json().items[0]).toMatchObject({ action: 'observed', revision: 2 });
  });

  test('a policy that was deleted while no console ran is found to be gone, and can be brought back', async () => {
    const first = await open([stored('web')]);
    const ref = { cluster: 'memory', kind: 'NetworkPolicy', namespace: 'shop', name: 'web' };
    await vi.waitFor(async () => expect(await first.state.revisions(ref)).toHaveLength(1), 5000);
    await first.app.close();
    const { send, state } = await open([], { state: first.state });
    await vi.waitFor(async () => expect(await state.revisions(ref)).toHaveLength(2), 5000);
    expect((await send('GET', `${base}/deleted`)).json().items).toEqual([
      expect.objectContaining({
        name: 'web',
        namespace: 'shop',
        kind: 'NetworkPolicy',
        action: 'observed',
        revision: 2,
      }),
    ]);
    expect((await send('POST', `${web}/revisions/1/restore`)).statusCode).toBe(200);
    expect((await send('GET', `${base}/deleted`)).json().items).toEqual([]);
  });

  test('what a list is asked for behind a cursor that it did not give is refused', async () => {
    const { send } = await open([]);
    for (const list of [base, `${base}/deleted`, `${web}/revisions`])
      expect((await send('GET', `${list}?cursor=x`)).json()).toMatchObject({ status: 400, code: 'bad-cursor' });
  });
});

describe('a preview', () => {
  test('says what a draft says, selects and changes, and that no flows are known; nothing is written', async () => {
    const { send, cluster } = await open([stored('web')]);
    const preview = (await send('POST', `${base}/preview`, { manifest: manifest('other') })).json();
    expect(preview).toMatchObject({ problems: [], refusal: null, selects: { pods: 0 }, effect: null });
    expect(preview.diff).toMatchObject({
      before: expect.stringContaining('app: web'),
      after: expect.stringContaining('app: other'),
    });
    expect(preview.effectMissing).toMatch(/No source of flows/);
    expect(cluster.writes).toEqual([]);
    expect((await send('POST', `${base}/preview`, { manifest: 'a: [' })).json()).toMatchObject({
      words: null,
      problems: [{ severity: 'error' }],
    });
  });
});
