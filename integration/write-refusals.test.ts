import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { objectPath, policies, policyPath, policyText } from './servers/network-policies.ts';
import { startPolicyConsole } from './servers/policy-console.ts';
import type { PolicyConsole } from './servers/policy-console.ts';
import { until } from './servers/process.ts';

const inCilium = (name: string): string => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: ${name}}}
  ingress: [{}]
`;

describe.skipIf(kubernetesMissing !== null)(
  `writes that a real API server refuses (${kubernetesMissing ?? 'kube-apiserver and etcd'})`,
  () => {
    let folder: string;
    let kubernetes: KubernetesServer;
    let console: PolicyConsole;
    const opened: PolicyConsole[] = [];

    async function open(name: string, kubeconfig: string, namespaces = ['shop']): Promise<PolicyConsole> {
      const started = await startPolicyConsole({ folder: join(folder, name), kubeconfig, namespaces });
      opened.push(started);
      return started;
    }

    const labelsOf = async (name: string) => {
      const { body } = await kubernetes.api('GET', objectPath(name));
      return (body as { metadata?: { labels?: Record<string, string> } }).metadata?.labels;
    };
    const revisionsOf = async (name: string) =>
      (await console.send('GET', `${policyPath(name)}/revisions`)).body['items'] as readonly {
        action: string;
        note?: string;
      }[];
    const create = (name: string) => console.send('POST', policies, { manifest: policyText(name, 1) });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-refusals-'));
      kubernetes = await startKubernetes(['one-kind', 'one-namespace']);
      for (const name of ['shop', 'pay', 'leaving'])
        await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name } });
      console = await open('admin', kubernetes.kubeconfig('admin'));
    });

    afterAll(async () => {
      await Promise.all(opened.map((one) => one.stop()));
      await kubernetes?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    test('a kind whose CRD is missing is refused in words, and its place in the list says so', async () => {
      const refused = await console.send('POST', policies, { manifest: inCilium('web') });
      expect(refused).toMatchObject({
        status: 404,
        body: { code: 'source-not-found', detail: /its CRD is not installed/ },
      });
      const preview = await console.send('POST', `${policies}/preview`, { manifest: inCilium('web') });
      expect(preview.body).toMatchObject({ refusal: expect.stringMatching(/its CRD is not installed/) });
      const list = await console.send('GET', policies);
      expect(list.body['coverage']).toMatchObject({
        complete: false,
        gaps: [{ reason: /^CiliumNetworkPolicy: / }, { reason: /^CiliumClusterwideNetworkPolicy: / }],
      });
      expect((await create('beside')).status).toBe(201);
      await kubernetes.installCilium();
      expect((await console.send('POST', policies, { manifest: inCilium('web') })).status).toBe(201);
    });

    test.each([
      ['as a rule says', 'Invalid'],
      ['as forbidden', 'Forbidden'],
    ])(
      'what admission refuses %s is not written, and its own words come back, in the dry run too',
      async (_, reason) => {
        const name = `refuse-${reason.toLowerCase()}`;
        await create(name);
        await refuseLabel(name, reason);
        const marked = policyText(name, 2, { labels: `, ${name}: "yes"` });
        const words = new RegExp(`the team says no to ${name}`);
        const { etag } = await console.send('GET', policyPath(name));
        const preview = await console.send('POST', `${policies}/preview`, { manifest: marked });
        expect(preview.body['refusal']).toMatch(words);
        const refusal = { status: 422, body: { code: 'source-refused', detail: words } };
        expect(await console.send('PUT', policyPath(name), { manifest: marked }, { 'if-match': etag })).toMatchObject(
          refusal,
        );
        expect(
          await console.send('POST', `${policies}?dryRun=true`, {
            manifest: policyText(`${name}-2`, 2, { labels: `, ${name}: "yes"` }),
          }),
        ).toMatchObject(refusal);
        expect(await labelsOf(name)).toEqual({ count: '1' });
        expect((await revisionsOf(name)).map(({ action }) => action)).toEqual(['create']);
      },
    );

    test('a delete that admission refuses leaves the policy, and its history', async () => {
      await create('kept');
      await refuse('kept', { operations: ['DELETE'], expression: "oldObject.metadata.name != 'kept'" });
      const { etag } = await console.send('GET', policyPath('kept'));
      await until('the delete is refused', async () => {
        const { status } = await kubernetes.api('DELETE', `${objectPath('kept')}?dryRun=All`);
        return status === 422 ? true : undefined;
      });
      expect(await console.send('DELETE', policyPath('kept'), undefined, { 'if-match': etag })).toMatchObject({
        status: 422,
        body: { detail: /the team says no to kept/ },
      });
      expect(await labelsOf('kept')).toEqual({ count: '1' });
      expect((await revisionsOf('kept')).map(({ action }) => action)).toEqual(['create']);
    });

    test('who may do nothing with one kind still works with the others', async () => {
      const verbs = ['get', 'list', 'watch', 'create', 'update', 'delete'];
      const core = { group: '', resources: ['pods', 'services', 'namespaces'], verbs: ['list', 'watch'] };
      await kubernetes.grant('one-kind', [{ group: 'networking.k8s.io', resources: ['networkpolicies'], verbs }, core]);
      const theirs = await open('one-kind', kubernetes.kubeconfig('one-kind'));
      const list = await until('all kinds are asked for', async () => {
        const { body } = await theirs.send('GET', policies);
        const { gaps } = body['coverage'] as { gaps: readonly { reason: string }[] };
        return gaps.length > 0 && gaps.every(({ reason }) => reason.includes('cannot list')) ? body : undefined;
      });
      expect(list['items']).toContainEqual(expect.objectContaining({ name: 'beside' }));
      expect(await theirs.send('POST', policies, { manifest: inCilium('theirs') })).toMatchObject({
        status: 403,
        body: { code: 'source-forbidden', detail: /cannot create resource "ciliumnetworkpolicies"/ },
      });
      expect(await theirs.send('GET', `${policies}/shop/CiliumNetworkPolicy/web`)).toMatchObject({ status: 403 });
      expect((await theirs.send('POST', policies, { manifest: policyText('theirs', 1) })).status).toBe(201);
    });

    test('who may write in one namespace and only read in another is told which', async () => {
      const all = {
        group: 'networking.k8s.io',
        resources: ['networkpolicies'],
        verbs: ['get', 'list', 'watch', 'create', 'update'],
      };
      await kubernetes.grant('one-namespace', [all], 'shop');
      await kubernetes.grant('one-namespace', [{ ...all, verbs: ['get', 'list', 'watch'] }], 'pay');
      await kubernetes.api('POST', '/apis/networking.k8s.io/v1/namespaces/pay/networkpolicies', {
        metadata: { name: 'seen' },
        spec: { podSelector: {} },
      });
      const theirs = await open('one-namespace', kubernetes.kubeconfig('one-namespace'), ['shop', 'pay', 'leaving']);
      const gap = await until('the third namespace is said', async () => {
        const { body } = await theirs.send('GET', policies);
        const { gaps } = body['coverage'] as { gaps: readonly { reason: string }[] };
        return gaps.find(({ reason }) => reason.startsWith('NetworkPolicy: namespace leaving:'));
      });
      expect(gap.reason).toMatch(/cannot list/);
      const { etag } = await theirs.send('GET', policyPath('seen', 'pay'));
      const manifest = policyText('seen', 2, { namespace: 'pay' });
      expect(await theirs.send('PUT', policyPath('seen', 'pay'), { manifest }, { 'if-match': etag })).toMatchObject({
        status: 403,
        body: { detail: /cannot update resource "networkpolicies".* in the namespace "pay"/ },
      });
      expect((await theirs.send('POST', policies, { manifest: policyText('tenant', 1) })).status).toBe(201);
    });

    test('a policy deleted while it is edited is said, and a namespace that goes takes no new one', async () => {
      const leaving = policyPath('stays', 'leaving');
      const theirs = await open('leaving', kubernetes.kubeconfig('admin'), ['leaving']);
      const manifest = policyText('stays', 1, { namespace: 'leaving' });
      expect((await theirs.send('POST', policies, { manifest })).status).toBe(201);
      const { etag } = await theirs.send('GET', leaving);
      await kubernetes.api('DELETE', '/api/v1/namespaces/leaving');
      const refused = { status: 422, body: { code: 'source-refused', detail: /because it is being terminated/ } };
      expect(
        await theirs.send('POST', policies, { manifest: policyText('late', 1, { namespace: 'leaving' }) }),
      ).toMatchObject(refused);
      await kubernetes.api('DELETE', objectPath('stays', 'leaving'));
      expect(await theirs.send('PUT', leaving, { manifest }, { 'if-match': etag })).toMatchObject({
        status: 412,
        body: { current: null },
      });
      expect(await theirs.send('DELETE', leaving, undefined, { 'if-match': etag })).toMatchObject({ status: 404 });
      const { body } = await kubernetes.api('GET', '/api/v1/namespaces/leaving');
      await kubernetes.api('PUT', '/api/v1/namespaces/leaving/finalize', { ...body, spec: { finalizers: [] } });
      await until('the namespace is gone', async () =>
        (await kubernetes.api('GET', '/api/v1/namespaces/leaving')).status === 404 ? true : undefined,
      );
      expect(await theirs.send('POST', policies, { manifest })).toMatchObject({
        status: 404,
        body: { detail: /namespaces "leaving" not found/ },
      });
    });

    test('a token that expires stops writes with a reason, and a renewed one is taken at once', async () => {
      await kubernetes.api('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'console' } });
      await kubernetes.api('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
        metadata: { name: 'console' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'console' }],
      });
      const token = join(folder, 'token');
      const renew = async (forSeconds: number) => {
        await writeFile(`${token}.new`, await kubernetes.signToken({ namespace: 'shop', name: 'console' }, forSeconds));
        await rename(`${token}.new`, token);
      };
      await renew(-40);
      const kubeconfig = join(folder, 'expiring-kubeconfig');
      const text = await readFile(kubernetes.kubeconfig('admin'), 'utf8');
      await writeFile(kubeconfig, text.replace('token: token-of-admin', `tokenFile: ${token}`));
      const theirs = await open('expiring', kubeconfig);
      expect((await theirs.send('POST', policies, { manifest: policyText('token', 1) })).status).toBe(201);
      const { etag } = await theirs.send('GET', policyPath('token'));
      const save = () =>
        theirs.send('PUT', policyPath('token'), { manifest: policyText('token', 2) }, { 'if-match': etag });
      const isRefused = async () => {
        const { body } = await theirs.send('GET', policyPath('token'));
        return body['code'] === 'source-unauthorized' ? true : undefined;
      };
      await until('the token is refused', isRefused, { withinMs: 60_000 });
      expect(await save()).toMatchObject({ status: 502, body: { code: 'source-unauthorized' } });
      expect(await labelsOf('token')).toEqual({ count: '1' });
      await renew(600);
      expect(await save()).toMatchObject({ status: 200 });
    });

    /** Admission that says no to policies with a label of this name, and waits until it does. */
    async function refuseLabel(name: string, reason: string): Promise<void> {
      await refuse(name, {
        reason,
        operations: ['CREATE', 'UPDATE'],
        expression: `!has(object.metadata.labels) || !('${name}' in object.metadata.labels)`,
      });
      await until('admission is on', async () => {
        const probe = { metadata: { name: 'probe', labels: { [name]: 'yes' } }, spec: { podSelector: {} } };
        const path = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies?dryRun=All';
        return (await kubernetes.api('POST', path, probe)).status >= 400 ? true : undefined;
      });
    }

    async function refuse(
      name: string,
      {
        operations,
        expression,
        reason = 'Invalid',
      }: { operations: readonly string[]; expression: string; reason?: string },
    ): Promise<void> {
      const root = '/apis/admissionregistration.k8s.io/v1';
      const rule = {
        apiGroups: ['networking.k8s.io'],
        apiVersions: ['v1'],
        operations,
        resources: ['networkpolicies'],
      };
      await kubernetes.api('POST', `${root}/validatingadmissionpolicies`, {
        metadata: { name },
        spec: {
          matchConstraints: { resourceRules: [rule] },
          validations: [{ expression, reason, message: `the team says no to ${name}` }],
        },
      });
      await kubernetes.api('POST', `${root}/validatingadmissionpolicybindings`, {
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      });
    }
  },
);
