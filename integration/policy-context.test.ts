import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandLine } from '../cli/src/main.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';

const netpols = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
const cnps = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';
const ccnps = '/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies';

describe.skipIf(kubernetesMissing !== null)(
  `bartizan policy --context (${kubernetesMissing ?? 'kube-apiserver and etcd'})`,
  () => {
    let kubernetes: KubernetesServer;
    let folder: string;

    async function bartizan(user: string, ...args: string[]) {
      const written = { out: '', err: '' };
      const code = await runCommandLine(['policy', ...args], {
        out: async (text) => void (written.out += text),
        err: (text) => void (written.err += text),
        stdin: new PassThrough().end(),
        env: { KUBECONFIG: `${join(folder, 'nothing')}:${kubernetes.kubeconfig(user)}` },
        signal: new AbortController().signal,
      });
      return { code, ...written };
    }

    async function create(path: string, body: object): Promise<void> {
      const { status, body: said } = await kubernetes.api('POST', path, body);
      if (status !== 201) throw new Error(JSON.stringify(said));
    }

    async function pod(namespace: string, app: string, port: number): Promise<void> {
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-5d8f`, uid: 'none', controller: true };
      await create(`/api/v1/namespaces/${namespace}/pods`, {
        metadata: { name: `${app}-5d8f-x`, labels: { app, 'pod-template-hash': '5d8f' }, ownerReferences: [owner] },
        spec: { containers: [{ name: app, image: app, ports: [{ containerPort: port, name: 'main' }] }] },
      });
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-context-test-'));
      kubernetes = await startKubernetes(['reader', 'nobody']);
      for (const name of ['shop', 'pay']) await create('/api/v1/namespaces', { metadata: { name } });
      await pod('shop', 'web', 8080);
      await pod('shop', 'db', 5432);
      await pod('pay', 'ledger', 8080);
      await create(netpols, {
        metadata: { name: 'db' },
        spec: {
          podSelector: { matchLabels: { app: 'db' } },
          policyTypes: ['Ingress'],
          ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] }],
        },
      });
      const read = ['get', 'list'];
      await kubernetes.grant(
        'reader',
        [
          { group: 'networking.k8s.io', resources: ['networkpolicies'], verbs: read },
          { group: 'cilium.io', resources: ['ciliumnetworkpolicies'], verbs: read },
          { group: '', resources: ['pods'], verbs: read },
        ],
        'shop',
      );
    });

    afterAll(async () => {
      await kubernetes?.stop();
      await rm(folder, { recursive: true });
    });

    const ask = (from: string, to: string, port: string) => ['explain', '--from', from, '--to', to, '--port', port];

    test('a cluster without Cilium is said to be one, and answers completely', async () => {
      const { code, out, err } = await bartizan('admin', 'check', '--context', 'test', '-o', 'text');
      expect({ code, out }).toEqual({ code: 0, out: '1 policy, 0 errors, 0 warnings\n' });
      expect(err).toContain('context test has no CiliumNetworkPolicy.');
      expect(err).toContain('does not run Cilium');
    });

    describe('with the kinds of Cilium', () => {
      beforeAll(async () => {
        await kubernetes.installCilium();
        await create(cnps, {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNetworkPolicy',
          metadata: { name: 'web-out' },
          spec: {
            endpointSelector: { matchLabels: { app: 'web' } },
            egress: [{ toEndpoints: [{ matchLabels: { app: 'db' } }] }],
          },
        });
        await create(cnps, {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNetworkPolicy',
          metadata: { name: 'refused' },
          spec: { endpointSelector: {}, ingress: [] },
        });
        await create(ccnps, {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumClusterwideNetworkPolicy',
          metadata: { name: 'no-ledger' },
          spec: {
            endpointSelector: { matchLabels: { app: 'ledger' } },
            enableDefaultDeny: { egress: false },
            egressDeny: [{ toEntities: ['world'] }],
          },
        });
      });

      test('check judges what is there, and names the object and its place', async () => {
        const { code, out, err } = await bartizan('admin', 'check', '--context', 'test');
        expect({ code, err }).toEqual({ code: 1, err: '' });
        const report = JSON.parse(out);
        expect(report).toMatchObject({ ok: false, policies: 4 });
        expect(report).not.toHaveProperty('gaps');
        expect(report.problems).toContainEqual(
          expect.objectContaining({
            file: 'test/CiliumNetworkPolicy/shop/refused',
            policy: 'CiliumNetworkPolicy/shop/refused',
            severity: 'error',
            refusedBy: 'cilium',
          }),
        );
      });

      test('explain walks through the policies of the cluster, between workloads that run there', async () => {
        const allowed = await bartizan(
          'admin',
          ...ask('shop/web', 'shop/db', '5432/TCP'),
          '--context',
          'test',
          '-o',
          'json',
        );
        expect(allowed.code).toBe(0);
        expect(allowed.err).toContain('CiliumNetworkPolicy/shop/refused would be refused and has no effect');
        expect(JSON.parse(allowed.out)).toMatchObject({ verdict: 'allowed', egress: 'allowed', ingress: 'allowed' });
        const denied = await bartizan(
          'admin',
          ...ask('pay/Deployment/ledger', 'shop/db', '5432'),
          '--context',
          'test',
          '-o',
          'json',
        );
        expect(JSON.parse(denied.out)).toMatchObject({ verdict: 'denied', egress: 'allowed', ingress: 'denied' });
        const named = await bartizan(
          'admin',
          ...ask('shop/web', 'shop/db', 'main/TCP'),
          '--context',
          'test',
          '-o',
          'json',
        );
        expect(JSON.parse(named.out)).toMatchObject({ verdict: 'allowed' });
      });

      test('a path is laid over the cluster: what would be if it were applied', async () => {
        const file = join(folder, 'db.yaml');
        const spec = 'spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}';
        await writeFile(
          file,
          `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: db, namespace: shop}\n${spec}\n`,
        );
        const now = await bartizan(
          'admin',
          ...ask('shop/web', 'shop/db', '5432/TCP'),
          '--context',
          'test',
          '-o',
          'json',
          file,
        );
        expect(JSON.parse(now.out)).toMatchObject({ verdict: 'denied' });
        const changed = await bartizan('admin', 'diff', '--context', 'test', '--new-context', 'test', file);
        expect(changed.code).toBe(1);
        const differences = JSON.parse(changed.out);
        expect(differences).toMatchObject({
          added: [],
          removed: [{ from: 'shop/web[Deployment]', to: 'shop/db[Deployment]', after: [] }],
        });
        expect((await bartizan('admin', 'diff', '--context', 'test', '--new-context', 'test')).code).toBe(0);
        expect((await bartizan('admin', 'diff', file, '--new-context', 'test')).code).toBe(1);
        expect((await bartizan('admin', 'diff', '--context', 'test', file)).code).toBe(1);
      });

      test('connections that were seen are judged by the cluster, with and without what is laid over it', async () => {
        const seen = (app: string, name: string) => ({
          namespace: 'shop',
          labels: [`k8s:app=${app}`, 'k8s:io.kubernetes.pod.namespace=shop'],
          pod_name: name,
        });
        const flow = {
          time: '2026-06-15T12:00:00Z',
          verdict: 'FORWARDED',
          IP: { source: '10.0.1.5', destination: '10.0.2.9' },
          l4: { TCP: { source_port: 49817, destination_port: 5432, flags: { SYN: true } } },
          source: seen('web', 'web-5d8f-x'),
          destination: seen('db', 'db-5d8f-x'),
          Type: 'L3_L4',
          event_type: { type: 5 },
          traffic_direction: 'INGRESS',
          is_reply: false,
        };
        const flows = join(folder, 'flows.json');
        await writeFile(flows, `${JSON.stringify({ flow })}\n`);
        const asked = ['simulate', '--flows', flows, '--context', 'test'];
        const now = await bartizan('admin', ...asked);
        expect(now.code).toBe(0);
        expect(JSON.parse(now.out)).toMatchObject({ connections: 1, unchanged: { count: 1 }, gaps: [] });
        const closed = await bartizan('admin', ...asked, '--before-context', 'test', join(folder, 'db.yaml'));
        expect(closed.code).toBe(1);
        expect(JSON.parse(closed.out)).toMatchObject({ connections: 1, newlyDenied: { count: 1 } });
        const part = await bartizan('reader', ...asked);
        expect(part.code).toBe(2);
        expect(JSON.parse(part.out).gaps.length).toBeGreaterThan(0);
      });

      test('connectivity, describe and evaluate read the same', async () => {
        const { code, out } = await bartizan('admin', 'connectivity', '--context', 'test');
        expect(code).toBe(0);
        expect(out).toContain('shop/web[Deployment] => shop/db[Deployment] : TCP 5432');
        expect(out).not.toContain('pay/ledger[Deployment] => shop/db[Deployment]');
        const words = await bartizan('admin', 'describe', '--context', 'test', '--namespace', 'shop');
        expect(words).toMatchObject({ code: 0, err: '' });
        expect(words.out).toContain('no-ledger');
        const queries = join(folder, 'queries.json');
        const endpoints = [
          { id: 'web', namespace: 'shop', labels: { app: 'web' } },
          { id: 'db', namespace: 'shop', labels: { app: 'db' } },
        ];
        await writeFile(queries, JSON.stringify({ endpoints, queries: [{ from: 'db', to: 'web', port: 80 }] }));
        const verdicts = await bartizan('admin', 'evaluate', '--context', 'test', '--queries', queries);
        expect(verdicts.code).toBe(0);
        expect(JSON.parse(verdicts.out)).toMatchObject({
          verdicts: [{ verdict: 'allowed' }],
          rejected: [{ policy: 'CiliumNetworkPolicy/shop/refused' }],
        });
      });

      test('a policy by its name is shown as rules, and switched off in what kubectl replace takes', async () => {
        const rules = await bartizan('admin', 'rules', '--context', 'test', '--name', 'web-out');
        expect(JSON.parse(rules.out)).toMatchObject({
          ok: true,
          rules: { kind: 'CiliumNetworkPolicy', enabled: true },
        });
        const { code, out } = await bartizan(
          'admin',
          'edit',
          '--context',
          'test',
          '--name',
          'db',
          '--enforcement',
          'disabled',
        );
        expect(code).toBe(0);
        const { status, body } = await kubernetes.api('PUT', `${netpols}/db?dryRun=All&fieldValidation=Strict`, out);
        expect({ status, body }).toMatchObject({ status: 200, body: { metadata: { name: 'db' } } });
        expect(JSON.stringify(body['spec'])).toContain('network-policy.gitlab.com/disabled_by');
        expect(await bartizan('admin', 'rules', '--context', 'test', '--name', 'none')).toMatchObject({
          code: 2,
          out: '',
          err: 'context test has no policy "none".\n',
        });
      });

      test('what may not be read is said, stands in the answer, and is no success', async () => {
        const whole = await bartizan('reader', 'check', '--context', 'test');
        expect(whole.code).toBe(2);
        expect(JSON.parse(whole.out)).toMatchObject({ ok: true, policies: 0, gaps: [{}, {}, {}] });
        expect(whole.err).toContain('not covered: CiliumClusterwideNetworkPolicy may not be read');
        const named = await bartizan(
          'reader',
          ...ask('shop/web', 'shop/db', '5432'),
          '--context',
          'test',
          '--namespace',
          'shop',
          '-o',
          'json',
        );
        expect(named.code).toBe(2);
        const answer = JSON.parse(named.out);
        expect(answer).toMatchObject({ verdict: 'allowed' });
        const reasons = answer.gaps.map(({ reason }: { reason: string }) => reason.split(':')[0]);
        expect(reasons).toEqual([
          'CiliumClusterwideNetworkPolicy may not be read',
          'Service may not be read',
          'CiliumCIDRGroup may not be read',
          'Namespace may not be read',
          'only the namespace shop was read',
        ]);
        for (const [command, output] of [
          ['connectivity', 'json'],
          ['describe', 'json'],
        ] as const) {
          const { code, out } = await bartizan('reader', command, '--context', 'test', '-o', output);
          expect({ command, code }).toEqual({ command, code: 2 });
          expect(JSON.parse(out).gaps.length).toBeGreaterThan(0);
        }
      });

      test.each([
        [['check', '--context', 'other'], 'has no context "other"; it has: test'],
        [['check', '--context', 'test', '--kubeconfig', '/nothing/at/all'], '/nothing/at/all cannot be read'],
        [['check', '--context', 'test', '--namespace', 'tpyo'], 'context test has no namespace "tpyo"'],
        [['check', '--context', 'test', 'file.yaml'], 'reads PATH or --context NAME, not both'],
        [['check', '--namespace', 'shop', 'file.yaml'], '--namespace goes with --context NAME'],
        [['describe'], 'needs PATH… or --context NAME'],
        [['diff', '--context', 'test'], 'needs OLD NEW'],
        [['rules', '--context', 'test'], 'needs --name NAME'],
        [['edit', '--enforcement', 'disabled'], 'needs FILE or --context NAME'],
      ])('%j has no answer, and says why', async (args, words) => {
        const { code, out, err } = await bartizan('admin', ...args);
        expect({ code, out }).toEqual({ code: 2, out: '' });
        expect(err).toContain(words);
      });

      test('nothing is written to the cluster, and nothing but lists is asked', async () => {
        const asked = (await kubernetes.audited()).filter(({ user }) => user === 'reader');
        expect(new Set(asked.map(({ verb }) => verb))).toEqual(new Set(['list']));
      });

      test('a server that is away, or does not know who asks, is no empty cluster', async () => {
        const stranger = join(folder, 'stranger');
        const text = `apiVersion: v1\nkind: Config\nusers: [{name: x, user: {token: wrong}}]\ncontexts: [{name: test, context: {cluster: test, user: x}}]\nclusters: [{name: test, cluster: {server: "${kubernetes.server}", insecure-skip-tls-verify: true}}]\n`;
        await writeFile(stranger, text);
        const unknown = await bartizan('admin', 'check', '--context', 'test', '--kubeconfig', stranger);
        expect(unknown).toMatchObject({ code: 2, out: '', err: expect.stringContaining('there is no answer') });
        await kubernetes.stopApi();
        const away = await bartizan('admin', 'check', '--context', 'test');
        expect(away).toMatchObject({ code: 2, out: '', err: expect.stringContaining('ECONNREFUSED') });
      });
    });
  },
);
