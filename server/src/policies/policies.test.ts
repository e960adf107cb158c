import type { Policy } from '@bartizan/api';
import type { KubernetesObject } from '@bartizan/backends';
import { describe, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps, memoryCluster, memoryState } from '../deps.fixture.ts';

const label = 'network-policy.gitlab.com/disabled_by';

function object(
  kind: string,
  name: string,
  rest: { spec: object; namespace?: string; labels?: Record<string, string> },
): KubernetesObject {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  const { namespace = 'shop', labels = {}, spec } = rest;
  const managedFields = [
    { manager: 'helm', time: '2026-06-01T00:00:00Z' },
    { manager: 'kubectl-edit', time: '2026-06-10T00:00:00Z' },
    { manager: 'cilium-operator', time: '2026-06-14T00:00:00Z', subresource: 'status' },
  ];
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === '' ? {} : { namespace }), labels, managedFields },
    spec,
  };
}

const web = object('NetworkPolicy', 'web', {
  spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'], ingress: [{}] },
});
const off = object('CiliumNetworkPolicy', 'off', {
  spec: { endpointSelector: { matchLabels: { [label]: 'gitlab' } }, ingress: [{}] },
});
const wrong = object('CiliumNetworkPolicy', 'wrong', { spec: { endpointSelector: {}, ingress: [] } });
const wide = object('CiliumClusterwideNetworkPolicy', 'wide', {
  namespace: '',
  spec: { endpointSelector: {}, ingress: [{}] },
});
const elsewhere = object('NetworkPolicy', 'elsewhere', { namespace: 'kube-system', spec: { podSelector: {} } });
const pod: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop', labels: { app: 'web' } },
};

const noCilium = {
  CiliumNetworkPolicy: { state: 'missing', reason: 'the CRD is not installed', sinceMs: 0 },
} as const;

async function console(objects: readonly KubernetesObject[], states: Parameters<typeof memoryCluster>[1] = {}) {
  const cluster = memoryCluster(objects, states);
  const state = memoryState();
  const app = await createApp(bareDeps({ clusters: new Map([['memory', cluster]]), state }));
  const base = '/api/v1/environments/shop/policies';
  return {
    cluster,
    state,
    get: (path: string) => app.inject({ method: 'GET', url: `${base}${path}` }),
    put: (path: string, enabled: boolean, headers: Record<string, string>) =>
      app.inject({ method: 'PUT', url: `${base}${path}/enforcement`, headers, payload: { enabled } }),
  };
}

describe('the list', () => {
  test('has the policies of the environment and of the cluster, then the predefined ones for each namespace', async () => {
    const { get } = await console([web, off, wrong, wide, elsewhere, pod]);
    const { items } = (await get('')).json();
    const rows = items.map(
      (policy: { state: string; kind: string; namespace: string; name: string }) =>
        `${policy.state} ${policy.kind} ${policy.namespace}/${policy.name}`,
    );
    expect(rows).toEqual([
      'disabled CiliumNetworkPolicy shop/off',
      'enforced NetworkPolicy shop/web',
      'enforced CiliumClusterwideNetworkPolicy /wide',
      'not-applied CiliumNetworkPolicy shop/wrong',
      ...[
        'allow-inbound-http',
        'allow-monitoring',
        'block-cloud-metadata',
        'default-deny-with-dns',
        'drop-outbound',
        'from-ingress-controller-only',
        'quarantine',
        'same-namespace-only',
        'to-dns-only',
      ].flatMap((name) => ['pay', 'shop'].map((namespace) => `predefined CiliumNetworkPolicy ${namespace}/${name}`)),
    ]);
    expect(items[1]).toMatchObject({
      selects: { pods: 1 },
      isolates: ['ingress'],
      modified: { by: 'kubectl-edit', at: '2026-06-10T00:00:00Z' },
    });
    expect(items[3].problems[0]).toMatchObject({ severity: 'error', refusedBy: 'cilium' });
  });

  test('under - no predefined policy stands', async () => {
    const cluster = memoryCluster([web]);
    const app = await createApp(bareDeps({ clusters: new Map([['memory', cluster]]) }));
    const { items } = (await app.inject({ url: '/api/v1/environments/-/policies' })).json();
    expect(items.map((policy: { name: string }) => policy.name)).toEqual(['web']);
  });
});

describe("Cilium's own verdict", () => {
  const fine = object('CiliumNetworkPolicy', 'fine', { spec: { endpointSelector: {}, ingress: [{}] } });
  const condition = (type: string, status: string, message: string) => ({
    conditions: [{ type, status, message, lastTransitionTime: '2026-06-01T00:00:00Z' }],
  });
  const shown = async (policy: KubernetesObject, status: object) => {
    const { get } = await console([{ ...policy, status }]);
    return (await get(`/shop/${policy.kind}/${policy.metadata.name}`)).json() as Policy;
  };

  test('stands beside ours, and where both agree there is no more to say', async () => {
    expect((await shown(fine, condition('Valid', 'True', 'Policy validation succeeded'))).cilium).toEqual({
      valid: true,
      message: 'Policy validation succeeded',
      lastTransition: '2026-06-01T00:00:00Z',
    });
    const refused = await shown(wrong, condition('Valid', 'False', 'rule must have at least one of'));
    expect(refused.cilium).toMatchObject({ valid: false, message: 'rule must have at least one of' });
    expect(refused.cilium).not.toHaveProperty('disagreement');
    expect(refused.problems.filter(({ severity }) => severity === 'error')).toHaveLength(1);
  });

  test('wins where it refuses what we find fine, and the difference is said', async () => {
    const policy = await shown(fine, condition('Valid', 'False', 'mutual authentication is disabled'));
    expect(policy).toMatchObject({
      state: 'not-applied',
      cilium: { valid: false, disagreement: expect.stringContaining('Cilium refuses this policy') },
      problems: [{ code: 'cilium-says-invalid', refusedBy: 'cilium' }, {}],
    });
    expect(policy.problems[0]?.message).toContain('mutual authentication is disabled');
  });

  test('does not clear a policy that we find its agents refuse, and the difference is said', async () => {
    expect(await shown(wrong, condition('Valid', 'True', ''))).toMatchObject({
      state: 'not-applied',
      cilium: { valid: true, disagreement: expect.stringContaining('Cilium calls this policy valid') },
    });
  });

  test.each([
    ['no status', {}],
    ['another condition', condition('Ready', 'True', '')],
    ['a condition that says unknown', condition('Valid', 'Unknown', '')],
  ])('is not known with %s, and never taken for a yes', async (_name, status) => {
    expect((await shown(fine, status)).cilium).toBeNull();
  });

  test('of agents that answer each for its node is a no as soon as one says no', async () => {
    const nodes = { 'node-1': { ok: true }, 'node-2': { ok: false, error: 'invalid port' } };
    expect((await shown(fine, { nodes })).cilium).toMatchObject({ valid: false, message: 'node-2: invalid port' });
    expect((await shown(fine, { nodes: { 'node-1': { ok: true } } })).cilium).toEqual({ valid: true });
  });

  test('is not there for a NetworkPolicy, whatever its status says', async () => {
    expect((await shown(web, condition('Valid', 'False', 'no'))).cilium).toBeNull();
  });

  test('written between reading and writing is no change of the policy; a change is', async () => {
    const { get, put, cluster } = await console([fine]);
    const ref = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'fine' } as const;
    const path = '/shop/CiliumNetworkPolicy/fine';
    const etag = String((await get(path)).headers['etag']);
    cluster.writeStatus(ref, condition('Valid', 'True', ''));
    const disabled = await put(path, false, { 'if-match': etag });
    expect(disabled.json()).toMatchObject({ state: 'disabled' });
    cluster.writeStatus(ref, condition('Valid', 'False', ''));
    expect((await put(path, true, { 'if-match': etag })).statusCode).toBe(412);
    expect((await put(path, true, { 'if-match': String(disabled.headers['etag']) })).statusCode).toBe(200);
  });
});

describe('the enforcement switch', () => {
  test('needs to know which version it changes', async () => {
    const { put, cluster } = await console([web]);
    expect((await put('/shop/NetworkPolicy/web', false, {})).json()).toMatchObject({
      status: 428,
      code: 'precondition-needed',
    });
    expect(cluster.writes).toEqual([]);
  });

  test('adds the label that no pod has, says so, records it; and takes it away again', async () => {
    const { get, put, cluster, state } = await console([web]);
    const etag = String((await get('/shop/NetworkPolicy/web')).headers['etag']);
    const disabled = await put('/shop/NetworkPolicy/web', false, { 'if-match': etag });
    expect(disabled.json()).toMatchObject({ enabled: false, state: 'disabled', selects: { pods: 0 } });
    expect(cluster.writes[0]).toMatchObject({
      spec: { podSelector: { matchLabels: { app: 'web', [label]: 'gitlab' } }, ingress: [{}] },
    });
    await put('/shop/NetworkPolicy/web', true, { 'if-match': String(disabled.headers['etag']) });
    expect(cluster.writes[1]?.['spec']).toEqual(web['spec']);
    const [, first] = await state.revisions({
      cluster: 'memory',
      kind: 'NetworkPolicy',
      namespace: 'shop',
      name: 'web',
    });
    expect(first).toMatchObject({
      action: 'update',
      before: expect.not.stringContaining(label),
      after: expect.stringContaining(label),
    });
  });

  test('of a policy that changed meanwhile writes nothing and answers with both versions', async () => {
    const { put, cluster } = await console([web]);
    const answer = (await put('/shop/NetworkPolicy/web', false, { 'if-match': '"1"' })).json();
    expect(answer).toMatchObject({
      status: 412,
      code: 'changed-meanwhile',
      yours: { resourceVersion: '1', enabled: false },
      current: { name: 'web' },
    });
    expect(cluster.writes).toEqual([]);
  });

  test('changes every spec of a policy that has several', async () => {
    const many = {
      ...object('CiliumNetworkPolicy', 'many', { spec: {} }),
      spec: undefined,
      specs: [
        { endpointSelector: {}, ingress: [{}] },
        { endpointSelector: { matchLabels: { app: 'a' } }, egress: [{}] },
      ],
    };
    const { get, put, cluster } = await console([many]);
    const etag = String((await get('/shop/CiliumNetworkPolicy/many')).headers['etag']);
    await put('/shop/CiliumNetworkPolicy/many', false, { 'if-match': etag });
    expect(JSON.stringify(cluster.writes[0]?.['specs']).match(/disabled_by/g)).toHaveLength(2);
  });

  test.each([
    ['CiliumNetworkPolicy', 'where the cluster has the kinds of Cilium', {}],
    ['NetworkPolicy', 'elsewhere', noCilium],
  ] as const)('deploys a predefined policy as a %s %s, once', async (kind, _where, states) => {
    const { get, put, cluster } = await console([], states);
    const path = `/pay/${kind}/drop-outbound`;
    expect((await get(path)).json()).toMatchObject({ state: 'predefined', enabled: false });
    const created = await put(path, true, { 'if-none-match': '*' });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({ kind, state: 'enforced', namespace: 'pay', isolates: ['egress'] });
    expect((await put(path, true, { 'if-none-match': '*' })).statusCode).toBe(412);
    expect((await get('/shop/NetworkPolicy/nothing')).json()).toMatchObject({ status: 404, code: 'unknown-policy' });
    const { items } = (await get('')).json();
    expect(items.filter((item: Policy) => item.name === 'drop-outbound').map((item: Policy) => item.state)).toEqual([
      'enforced',
      'predefined',
    ]);
    expect(cluster.writes).toHaveLength(1);
  });

  test('deploys a predefined policy as a NetworkPolicy on every cluster, where that is asked for and can say it', async () => {
    const { get, put } = await console([]);
    const path = '/pay/NetworkPolicy/drop-outbound';
    expect((await get(path)).json()).toMatchObject({ state: 'predefined', kind: 'NetworkPolicy' });
    const created = await put(path, true, { 'if-none-match': '*' });
    expect(created.json()).toMatchObject({ state: 'enforced', kind: 'NetworkPolicy', isolates: ['egress'] });
    const quarantine = await put('/pay/NetworkPolicy/quarantine', true, { 'if-none-match': '*' });
    expect(quarantine.json()).toMatchObject({ status: 404, code: 'not-predefined' });
  });

  test('of a predefined policy in a kind that the cluster lacks deploys nothing, and says which it has', async () => {
    const { put, cluster } = await console([], noCilium);
    const answer = (await put('/pay/CiliumNetworkPolicy/drop-outbound', true, { 'if-none-match': '*' })).json();
    expect(answer).toMatchObject({ status: 404, code: 'not-predefined' });
    expect(answer.detail).toContain('Here it is a NetworkPolicy.');
    expect(cluster.writes).toEqual([]);
  });

  test('of a predefined policy is not written as long as nobody knows in which kind', async () => {
    const { get, put, cluster } = await console([], { CiliumNetworkPolicy: { state: 'connecting' } });
    expect((await get('')).json()).toMatchObject({ items: [], coverage: { complete: false } });
    const answer = await put('/pay/CiliumNetworkPolicy/drop-outbound', true, { 'if-none-match': '*' });
    expect(answer.json()).toMatchObject({ status: 502, code: 'source-unreachable' });
    expect(cluster.writes).toEqual([]);
  });

  test('offers a policy that names a peer which is not there with a warning', async () => {
    const { get } = await console([]);
    const { problems, words } = (await get('/shop/CiliumNetworkPolicy/allow-monitoring')).json();
    expect(problems).toMatchObject([{ code: 'predefined-peer', severity: 'warning' }]);
    expect(JSON.stringify(words)).toContain('prometheus');
  });
});
