import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFaultyProxy } from './servers/faulty-proxy.ts';
import type { FaultyProxy } from './servers/faulty-proxy.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { objectPath, policies, policyPath, policyText } from './servers/network-policies.ts';
import { startPolicyConsole } from './servers/policy-console.ts';
import type { PolicyConsole } from './servers/policy-console.ts';
import { until } from './servers/process.ts';

describe.skipIf(kubernetesMissing !== null)(
  `writes on a real API server whose answer is lost, and timed changes (${kubernetesMissing ?? 'kube-apiserver and etcd'})`,
  () => {
    let folder: string;
    let kubernetes: KubernetesServer;
    let proxy: FaultyProxy;
    let console: PolicyConsole;

    const labelsOf = async (name: string) => {
      const { body } = await kubernetes.api('GET', objectPath(name));
      return (body as { metadata?: { labels?: Record<string, string> } }).metadata?.labels;
    };
    const revisionsOf = async (name: string) =>
      (await console.send('GET', `${policyPath(name)}/revisions`)).body['items'] as readonly {
        action: string;
        note?: string;
      }[];
    const put = async (name: string, count: number, query = '') => {
      const { etag } = await console.send('GET', policyPath(name));
      return console.send(
        'PUT',
        `${policyPath(name)}${query}`,
        { manifest: policyText(name, count) },
        { 'if-match': etag },
      );
    };
    const create = (name: string, query = '') =>
      console.send('PUT', `${policyPath(name)}${query}`, { manifest: policyText(name, 1) }, { 'if-none-match': '*' });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-lost-'));
      kubernetes = await startKubernetes([]);
      await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
      proxy = await startFaultyProxy(kubernetes);
      const kubeconfig = join(folder, 'through-proxy');
      const text = await readFile(kubernetes.kubeconfig('admin'), 'utf8');
      await writeFile(kubeconfig, text.replace(kubernetes.server, proxy.url));
      console = await startPolicyConsole({ folder, kubeconfig });
    });

    afterAll(async () => {
      await console?.stop();
      await proxy?.stop();
      await kubernetes?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    test('an answer that was lost on its way is found out: what was written counts, and is recorded', async () => {
      await create('lost');
      proxy.next((forward) => forward().then(() => 'lost'));
      expect(await put('lost', 2)).toMatchObject({ status: 200 });
      expect(await labelsOf('lost')).toEqual({ count: '2' });
      proxy.next((forward) => forward().then(() => 'lost'));
      const { etag } = await console.send('GET', policyPath('lost'));
      expect(await console.send('DELETE', policyPath('lost'), undefined, { 'if-match': etag })).toMatchObject({
        status: 200,
      });
      proxy.next((forward) => forward().then(() => 'lost'));
      expect(await create('lost')).toMatchObject({ status: 201 });
      const actions = (await revisionsOf('lost')).map(({ action }) => action);
      expect(actions).toEqual(['create', 'delete', 'update', 'create']);
    });

    test('a write that never reached the cluster is said not to be written', async () => {
      await create('unsent');
      proxy.next(async () => 'lost');
      expect(await put('unsent', 2)).toMatchObject({
        status: 502,
        body: { code: 'not-written', detail: /The cluster still has version \d+\.$/ },
      });
      proxy.next(async () => 'lost');
      expect(await create('unsent-too')).toMatchObject({ status: 502, body: { code: 'not-written' } });
      expect(await labelsOf('unsent')).toEqual({ count: '1' });
      expect((await revisionsOf('unsent')).map(({ action }) => action)).toEqual(['create']);
    });

    test('a lost answer over which somebody else wrote is unknown, and says how to find out', async () => {
      await create('overtaken');
      proxy.next(async (forward) => {
        await forward();
        await kubernetes.api('PATCH', objectPath('overtaken'), { metadata: { labels: { count: 'theirs' } } });
        return 'lost';
      });
      expect(await put('overtaken', 2)).toMatchObject({
        status: 502,
        body: { code: 'outcome-unknown', detail: /somebody else wrote too\. Read the policy .* nothing was written/ },
      });
      expect(await labelsOf('overtaken')).toEqual({ count: 'theirs' });
    });

    test('an API server that is restarted in the middle of a write has it, and the answer says so', async () => {
      await create('restarted');
      let up: Promise<void> = Promise.resolve();
      proxy.next(async (forward) => {
        await forward();
        await kubernetes.stopApi();
        up = kubernetes.startApi();
        return 'lost';
      });
      expect(await put('restarted', 2)).toMatchObject({ status: 200 });
      await up;
      expect(await labelsOf('restarted')).toEqual({ count: '2' });
      proxy.next(async () => {
        await kubernetes.stopApi();
        up = kubernetes.startApi();
        return 'lost';
      });
      expect(await put('restarted', 3)).toMatchObject({ status: 502, body: { code: 'not-written' } });
      await up;
      expect(await labelsOf('restarted')).toEqual({ count: '2' });
    });

    test('while the API server stays down it is unknown; a timed change that got in all the same goes back', async () => {
      await create('dark');
      proxy.next(async (forward) => {
        await forward();
        await kubernetes.stopApi();
        return 'lost';
      });
      const unknown = await put('dark', 2, '?revertAfter=13s');
      await kubernetes.startApi();
      expect(unknown).toMatchObject({
        status: 502,
        body: { code: 'outcome-unknown', detail: /could not be asked afterwards either/ },
      });
      await until('it is back', async () => ((await labelsOf('dark'))?.['count'] === '1' ? true : undefined));
    });

    test('whoever goes away in the middle of a write leaves it recorded, and its timer running', async () => {
      await create('left');
      const going = new AbortController();
      const { etag } = await console.send('GET', policyPath('left'));
      const sent = new Promise<void>((resolve) => {
        proxy.next(async (forward) => {
          going.abort();
          await new Promise((wait) => setTimeout(wait, 200));
          await forward();
          resolve();
          return 'answered';
        });
      });
      const asked = fetch(`${console.url}${policyPath('left')}?revertAfter=3s`, {
        method: 'PUT',
        signal: going.signal,
        headers: { 'content-type': 'application/json', 'if-match': etag },
        body: JSON.stringify({ manifest: policyText('left', 2) }),
      });
      await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
      await sent;
      expect(await labelsOf('left')).toEqual({ count: '2' });
      await until('it is back', async () => ((await labelsOf('left'))?.['count'] === '1' ? true : undefined));
      expect((await revisionsOf('left')).map(({ action }) => action)).toEqual(['restore', 'update', 'create']);
    });

    test('a timed change that is due while the API server is down says so, and goes back afterwards', async () => {
      await create('due');
      const { body } = await put('due', 2, '?revertAfter=1s');
      const { id } = body['pending'] as { id: string };
      await kubernetes.stopApi();
      const trouble = await until('it says so', async () => {
        const { body: waiting } = await console.send('GET', `${policies}/pending/${id}`);
        return waiting['trouble'] as string | undefined;
      });
      expect(trouble).toMatch(/real could not read NetworkPolicy shop\/due/);
      await kubernetes.startApi();
      await until('it is back', async () => ((await labelsOf('due'))?.['count'] === '1' ? true : undefined));
      expect(await console.send('GET', `${policies}/pending/${id}`)).toMatchObject({ status: 404 });
    });

    test('a timed change of a policy that is deleted meanwhile brings nothing back, and says so', async () => {
      await create('gone');
      await put('gone', 2, '?revertAfter=2s');
      await kubernetes.api('DELETE', objectPath('gone'));
      const note = 'The policy was deleted after the timed change, so it was not taken back.';
      await until('it is said', async () => (await revisionsOf('gone')).some((one) => one.note === note) || undefined);
      expect((await kubernetes.api('GET', objectPath('gone'))).status).toBe(404);
    });

    test('a timed change that somebody has undone by hand is over, without another write', async () => {
      await create('undone');
      await put('undone', 2, '?revertAfter=2s');
      await kubernetes.api('PATCH', objectPath('undone'), { metadata: { labels: { count: '1' } } });
      const { body } = await kubernetes.api('GET', objectPath('undone'));
      await until('it is over', async () => {
        const { body: now } = await console.send('GET', policyPath('undone'));
        return now['pending'] === undefined ? true : undefined;
      });
      expect((await kubernetes.api('GET', objectPath('undone'))).body).toEqual(body);
    });

    test('a new policy with a timer goes again', async () => {
      expect((await create('passing', '?revertAfter=1s')).body).toMatchObject({ pending: { id: expect.any(String) } });
      await until('it is gone', async () =>
        (await kubernetes.api('GET', objectPath('passing'))).status === 404 ? true : undefined,
      );
    });
  },
);
