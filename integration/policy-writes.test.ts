import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { startPolicyConsole } from './servers/policy-console.ts';
import type { PolicyConsole } from './servers/policy-console.ts';
import { until } from './servers/process.ts';

const base = '/api/v1/environments/shop/policies';
const web = `${base}/shop/CiliumNetworkPolicy/web`;
const cnps = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';

function manifest(port: number): string {
  return `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
  annotations: {count: "${port}"}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress:
  - toPorts:
    - ports: [{port: "${port}", protocol: TCP}]
`;
}

describe.skipIf(kubernetesMissing !== null)(
  `writing policies on a real API server (${kubernetesMissing ?? 'kube-apiserver and etcd'})`,
  () => {
    let folder: string;
    let kubernetes: KubernetesServer;
    let console: PolicyConsole;

    const serve = () => startPolicyConsole({ folder, kubeconfig: kubernetes.kubeconfig('admin') });
    const send: PolicyConsole['send'] = (...asked) => console.send(...asked);
    const etag = async (): Promise<string> => (await send('GET', web)).etag;
    const inCluster = async () =>
      (await kubernetes.api('GET', `${cnps}/web`)).body as {
        spec?: object;
        metadata?: { annotations?: Record<string, string> };
      };
    const revisions = async () =>
      (await send('GET', `${web}/revisions`)).body['items'] as readonly {
        action: string;
        note?: string;
        revision: number;
      }[];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-writes-'));
      kubernetes = await startKubernetes();
      await kubernetes.installCilium();
      await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
      console = await serve();
    });

    afterAll(async () => {
      await console.stop();
      await kubernetes.stop();
      await rm(folder, { recursive: true });
    });

    test('creates, replaces, deletes and restores, and keeps every version', async () => {
      expect((await send('POST', base, { manifest: manifest(80), note: 'first' })).status).toBe(201);
      expect(await send('PUT', web, { manifest: manifest(81) }, { 'if-match': await etag() })).toMatchObject({
        status: 200,
      });
      expect(await send('DELETE', web, undefined, { 'if-match': await etag() })).toMatchObject({
        status: 200,
        body: { deleted: true },
      });
      expect((await kubernetes.api('GET', `${cnps}/web`)).status).toBe(404);
      const [deleted] = await revisions();
      expect(await send('POST', `${web}/revisions/${deleted?.revision}/restore`)).toMatchObject({ status: 200 });
      expect(await inCluster()).toMatchObject({ spec: { ingress: [{ toPorts: [{ ports: [{ port: '81' }] }] }] } });
      expect((await revisions()).map(({ action }) => action)).toEqual(['restore', 'delete', 'update', 'create']);
    });

    test('names what the API server refuses, and writes nothing', async () => {
      const before = await inCluster();
      const unknownField = manifest(80).replace('endpointSelector', 'endpointSelektor');
      expect(await send('PUT', web, { manifest: unknownField }, { 'if-match': await etag() })).toMatchObject({
        status: 422,
        body: { code: 'invalid-manifest' },
      });
      const longNote = manifest(80).replace(
        'annotations: {count: "80"}',
        `annotations: {big: "${'x'.repeat(300_000)}"}`,
      );
      expect((await send('PUT', web, { manifest: longNote }, { 'if-match': await etag() })).status).toBe(422);
      expect(await inCluster()).toEqual(before);
    });

    test('records what kubectl and others change, and says which version it was', async () => {
      const { body } = await kubernetes.api('GET', `${cnps}/web`);
      await kubernetes.api('PUT', `${cnps}/web`, { ...body, spec: { endpointSelector: {}, egress: [{}] } });
      const [observed] = await until('observed', async () => {
        const all = await revisions();
        return all[0]?.action === 'observed' ? all : undefined;
      });
      expect(observed?.action).toBe('observed');
    });

    test('takes a timed change back by itself, also when the console restarts in between', async () => {
      await send('PUT', web, { manifest: manifest(90) }, { 'if-match': await etag() });
      const timed = await send(
        'PUT',
        `${web}?revertAfter=5s`,
        { manifest: manifest(91) },
        { 'if-match': await etag() },
      );
      expect(timed.body).toMatchObject({ pending: { id: expect.any(String) } });
      await console.stop();
      expect((await inCluster()).metadata?.annotations).toEqual({ count: '91' });
      console = await serve();
      const reverted = await until('taken back', async () =>
        (await inCluster()).metadata?.annotations?.['count'] === '90' ? true : undefined,
      );
      expect(reverted).toBe(true);
      expect((await revisions())[0]).toMatchObject({
        action: 'restore',
        note: expect.stringContaining('nobody confirmed'),
      });
    });

    test('never takes a timed change back over what somebody changed meanwhile', async () => {
      await send('PUT', `${web}?revertAfter=2s`, { manifest: manifest(92) }, { 'if-match': await etag() });
      const { body } = await kubernetes.api('GET', `${cnps}/web`);
      await kubernetes.api('PUT', `${cnps}/web`, {
        ...body,
        metadata: { ...(body['metadata'] as object), annotations: { count: 'theirs' } },
      });
      const [stopped] = await until('stopped', async () => {
        const all = await revisions();
        return all[0]?.note?.includes('not taken back') ? all : undefined;
      });
      expect(stopped?.action).toBe('observed');
      expect((await inCluster()).metadata?.annotations).toEqual({ count: 'theirs' });
    });

    test('loses no update when a thousand edits come at the same moment from two sides', async () => {
      const rounds = 500;
      await kubernetes.api('PUT', `${cnps}/web`, {
        ...(await kubernetes.api('GET', `${cnps}/web`)).body,
        metadata: {
          ...((await kubernetes.api('GET', `${cnps}/web`)).body['metadata'] as object),
          annotations: { count: '0' },
        },
      });
      let written = 0;
      async function byConsole(): Promise<void> {
        for (;;) {
          const seen = await send('GET', web);
          const count = Number(/count: "?(\d+)/.exec(String(seen.body['manifest']))?.[1]);
          const answer = await send(
            'PUT',
            web,
            { manifest: manifest(80).replace('"80"}\nspec', `"${count + 1}"}\nspec`) },
            { 'if-match': seen.etag },
          );
          if (answer.status === 412) continue;
          if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
          return void (written += 1);
        }
      }
      async function byOthers(): Promise<void> {
        for (;;) {
          const { body } = await kubernetes.api('GET', `${cnps}/web`);
          const metadata = body['metadata'] as { annotations: Record<string, string> };
          const annotations = { count: String(Number(metadata.annotations['count']) + 1) };
          const { status } = await kubernetes.api('PUT', `${cnps}/web`, {
            ...body,
            metadata: { ...metadata, annotations },
          });
          if (status === 409) continue;
          if (status !== 200) throw new Error(String(status));
          return void (written += 1);
        }
      }
      const worker = async (edit: () => Promise<void>, times: number): Promise<void> => {
        for (let done = 0; done < times; done += 1) await edit();
      };
      await Promise.all([
        worker(byConsole, rounds / 4),
        worker(byConsole, rounds / 4),
        worker(byConsole, rounds / 2),
        worker(byOthers, rounds / 2),
        worker(byOthers, rounds / 2),
      ]);
      expect(written).toBe(rounds * 2);
      expect((await inCluster()).metadata?.annotations).toEqual({ count: String(rounds * 2) });
    }, 300_000);
  },
);
