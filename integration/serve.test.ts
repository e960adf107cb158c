import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startConsole } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { until } from './servers/process.ts';

const label = 'network-policy.gitlab.com/disabled_by';
const policies = '/api/v1/environments/shop/policies';
const netpols = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
const cnps = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';

interface Policy {
  readonly name: string;
  readonly state: string;
  readonly enabled: boolean;
}

describe.skipIf(kubernetesMissing !== null)(
  `the console on a real API server (${kubernetesMissing ?? 'kube-apiserver and etcd'})`,
  () => {
    let folder: string;
    let kubernetes: KubernetesServer;
    let admin: RunningConsole;
    let reader: RunningConsole;

    async function serve(user: string): Promise<RunningConsole> {
      const config = join(folder, `${user}.yaml`);
      const environment = '{id: shop, cluster: real, namespaces: [shop]}';
      await writeFile(
        config,
        `dataFolder: ${user}-data\nclusters: [{name: real, kubeconfig: ${kubernetes.kubeconfig(user)}}]\nenvironments: [${environment}]\n`,
      );
      return startConsole(['serve', '--config', config, '--port', '0']);
    }

    async function put(console: RunningConsole, path: string, enabled: boolean, headers: Record<string, string>) {
      const answer = await fetch(`${console.url}${policies}${path}/enforcement`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ enabled }),
      });
      return {
        status: answer.status,
        etag: answer.headers.get('etag') ?? '',
        body: (await answer.json()) as Record<string, unknown>,
      };
    }

    async function etagOf(console: RunningConsole, path: string): Promise<string> {
      return (await fetch(`${console.url}${policies}${path}`)).headers.get('etag') ?? '';
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-serve-test-'));
      kubernetes = await startKubernetes(['reader']);
      await kubernetes.installCilium();
      await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
      const read = ['get', 'list', 'watch'];
      await kubernetes.grant('reader', [
        { group: 'networking.k8s.io', resources: ['networkpolicies'], verbs: read },
        { group: '', resources: ['pods', 'services', 'namespaces'], verbs: read },
      ]);
      await kubernetes.api('POST', netpols, {
        metadata: { name: 'web' },
        spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
      });
      await kubernetes.api('POST', cnps, {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'api', labels: { chart: 'auto-deploy-app-2.6.0' } },
        spec: { endpointSelector: {}, ingress: [{}] },
      });
      [admin, reader] = [await serve('admin'), await serve('reader')];
      await until('the list is there', async () => ((await list(admin)).length >= 4 ? true : undefined));
    });

    afterAll(async () => {
      const codes = [await admin.stop(), await reader.stop()];
      if (codes.some((code) => code !== 0)) throw new Error(`a console ended with ${codes.join(' and ')}`);
      await kubernetes.stop();
      await rm(folder, { recursive: true });
    });

    async function list(console: RunningConsole): Promise<readonly Policy[]> {
      return (await console.json<{ items: readonly Policy[] }>(policies)).items;
    }

    test('switches a NetworkPolicy and a CiliumNetworkPolicy off and on, guarded by their versions', async () => {
      for (const [path, object, selector] of [
        ['/shop/NetworkPolicy/web', `${netpols}/web`, 'podSelector'],
        ['/shop/CiliumNetworkPolicy/api', `${cnps}/api`, 'endpointSelector'],
      ] as const) {
        const before = (await kubernetes.api('GET', object)).body['spec'];
        const disabled = await put(admin, path, false, { 'if-match': await etagOf(admin, path) });
        expect(disabled).toMatchObject({ status: 200, body: { enabled: false, state: 'disabled' } });
        const stored = (await kubernetes.api('GET', object)).body;
        expect(stored).toMatchObject({ spec: { [selector]: { matchLabels: { [label]: 'gitlab' } } } });
        expect((await put(admin, path, true, { 'if-match': disabled.etag })).status).toBe(200);
        expect((await kubernetes.api('GET', object)).body['spec']).toEqual(before);
      }
    });

    test('writes nothing over a change that somebody else made meanwhile, and shows both', async () => {
      const path = '/shop/NetworkPolicy/web';
      const seen = await etagOf(admin, path);
      const { body } = await kubernetes.api('GET', `${netpols}/web`);
      await kubernetes.api('PUT', `${netpols}/web`, {
        ...body,
        spec: { podSelector: { matchLabels: { app: 'other' } }, policyTypes: ['Ingress'] },
      });
      const answer = await put(admin, path, false, { 'if-match': seen });
      expect(answer).toMatchObject({ status: 412, body: { code: 'changed-meanwhile', yours: { enabled: false } } });
      expect(String((answer.body['current'] as { manifest: string }).manifest)).toContain('app: other');
      expect(JSON.stringify((await kubernetes.api('GET', `${netpols}/web`)).body)).not.toContain(label);
      expect((await put(admin, path, false, {})).status).toBe(428);
    });

    test('follows a change made elsewhere within two seconds', async () => {
      await kubernetes.api('POST', netpols, { metadata: { name: 'new' }, spec: { podSelector: {} } });
      const followed = await until(
        'the list follows',
        async () => ((await list(admin)).some(({ name }) => name === 'new') ? true : undefined),
        { withinMs: 2000 },
      );
      expect(followed).toBe(true);
    });

    test('deploys a predefined policy, after which it is like any other', async () => {
      const path = '/shop/CiliumNetworkPolicy/drop-outbound';
      expect(await admin.json(`${policies}${path}`)).toMatchObject({ state: 'predefined' });
      expect(await put(admin, path, true, { 'if-none-match': '*' })).toMatchObject({
        status: 201,
        body: { state: 'enforced' },
      });
      expect((await kubernetes.api('GET', `${cnps}/drop-outbound`)).body).toMatchObject({
        spec: { endpointSelector: {}, egress: [{}] },
      });
      expect((await put(admin, path, true, { 'if-none-match': '*' })).status).toBe(412);
    });

    test("shows Cilium's own verdict beside ours, and does not take its writing for a change of the policy", async () => {
      const path = '/shop/CiliumNetworkPolicy/judged';
      await kubernetes.api('POST', cnps, {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'judged' },
        spec: { endpointSelector: {}, egress: [{ toEntities: ['cluster'] }] },
      });
      const judge = async (status: string, message: string) => {
        const condition = { type: 'Valid', status, message, lastTransitionTime: '2026-06-01T00:00:00Z' };
        const at = `${cnps}/judged/status`;
        expect((await kubernetes.api('PATCH', at, { status: { conditions: [condition] } })).status).toBe(200);
      };
      const seen = await until('the policy is there', async () => (await etagOf(admin, path)) || undefined);
      expect(await admin.json(`${policies}${path}`)).toMatchObject({ state: 'enforced', cilium: null });
      await judge('True', 'Policy validation succeeded');
      expect(await admin.json(`${policies}${path}`)).toMatchObject({
        state: 'enforced',
        cilium: { valid: true, message: 'Policy validation succeeded', lastTransition: '2026-06-01T00:00:00Z' },
      });
      expect(await etagOf(admin, path)).not.toBe(seen);
      expect(await put(admin, path, false, { 'if-match': seen })).toMatchObject({
        status: 200,
        body: { state: 'disabled', cilium: { valid: true } },
      });
      await judge('False', 'not with these options');
      const refused = await until('the list tells', async () => {
        const found = (await list(admin)).find(({ name }) => name === 'judged');
        return found?.state === 'not-applied' ? found : undefined;
      });
      expect(refused).toMatchObject({
        cilium: { valid: false, disagreement: expect.any(String) },
        problems: [{ code: 'cilium-says-invalid', refusedBy: 'cilium' }],
      });
      expect((await put(admin, path, true, { 'if-match': seen })).status).toBe(412);
    });

    test('an account that may only read some kinds sees those, is told of the others, and is refused a write', async () => {
      const answer = await until('the reader is told', async () => {
        const got = await reader.json<{ items: readonly Policy[]; coverage: { gaps: readonly { reason: string }[] } }>(
          policies,
        );
        return got.coverage.gaps.some(({ reason }) => reason.includes('CiliumNetworkPolicy')) ? got : undefined;
      });
      expect(answer.items.map(({ name }) => name)).toContain('web');
      const path = '/shop/NetworkPolicy/new';
      const refused = await put(reader, path, false, { 'if-match': await etagOf(reader, path) });
      expect(refused).toMatchObject({ status: 403, body: { code: 'source-forbidden' } });
      expect(
        (await kubernetes.audited()).filter(
          ({ user, verb }) => user === 'reader' && !['get', 'list', 'watch', 'update'].includes(verb),
        ),
      ).toEqual([]);
    });

    test('goes on after the API server was away in the middle of its watch', async () => {
      await kubernetes.stopApi();
      await until('it is said', async () => {
        const text = await (await fetch(`${admin.url}/readyz`)).text();
        return text.includes('unreachable') ? true : undefined;
      });
      expect((await fetch(`${admin.url}/readyz`)).status).toBe(200);
      await kubernetes.startApi();
      await kubernetes.api('POST', netpols, { metadata: { name: 'after' }, spec: { podSelector: {} } });
      await until('the list follows', async () =>
        (await list(admin)).some(({ name }) => name === 'after') ? true : undefined,
      );
    });
  },
);
