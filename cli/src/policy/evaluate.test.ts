import { expect, test } from 'vitest';
import { evaluate } from './evaluate.ts';
import { runCommand, withFiles } from './run-command.suite.ts';

const manifests = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: api}}
  ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: broken, namespace: shop}
spec: {endpointSelector: {}, ingress: []}
`;

const document = {
  endpoints: [
    { id: 'web', namespace: 'shop', labels: { app: 'web' } },
    { id: 'api', namespace: 'shop', labels: { app: 'api' } },
    { id: 'net', cidr: '203.0.113.9/32' },
  ],
  queries: [
    { from: 'web', to: 'api', port: 80, protocol: 'TCP' },
    { from: 'net', to: 'api', port: 80, protocol: 'TCP' },
  ],
};

function ask(queries: unknown, text = manifests) {
  const files = { 'p.yaml': text, 'q.json': typeof queries === 'string' ? queries : JSON.stringify(queries) };
  return withFiles(files, (path) => runCommand(evaluate, [path('p.yaml'), '--queries', path('q.json')]));
}

test('each question is answered with both sides and the rules that decided; what the cluster refuses is named', async () => {
  const { code, out } = await ask(document);
  expect(code).toBe(0);
  const by = {
    policy: 'CiliumNetworkPolicy/shop/api',
    direction: 'ingress',
    rule: 'ingress[0]',
    path: 'spec.ingress[0]',
  };
  expect(JSON.parse(out)).toEqual({
    verdicts: [
      {
        ...document.queries[0],
        egress: 'allowed',
        ingress: 'allowed',
        verdict: 'allowed',
        decidedBy: [{ ...by, effect: 'allow', peer: 0 }],
      },
      {
        ...document.queries[1],
        egress: 'none',
        ingress: 'denied',
        verdict: 'denied',
        decidedBy: [{ ...by, effect: 'default-deny' }],
      },
    ],
    rejected: [{ policy: 'CiliumNetworkPolicy/shop/broken', message: expect.stringContaining('has no item') }],
  });
});

test('a question without an answer says why, the others are answered, and the exit code is 2', async () => {
  const { code, out, err } = await ask({ ...document, queries: [{ from: 'web', to: 'nobody' }, document.queries[0]] });
  expect(code).toBe(2);
  expect(err).toContain('1 of 2 questions');
  const { verdicts } = JSON.parse(out);
  expect(verdicts[0]).toMatchObject({ verdict: 'error', error: 'there is no endpoint "nobody"' });
  expect(verdicts[1].verdict).toBe('allowed');
});

test.each([
  ['{', 'is not JSON'],
  ['[]', 'should hold one object'],
  ['{"endpoints": [], "queries": {}}', '"queries" should be a list'],
  ['{"endpoints": [{}], "queries": []}', 'endpoints[0] needs an "id"'],
  ['{"endpoints": [{"id": "a", "labels": {"x": 1}}], "queries": []}', 'should map label keys to strings'],
  ['{"endpoints": [{"id": "a"}, {"id": "a"}], "queries": []}', 'two endpoints have the id "a"'],
  ['{"endpoints": [], "queries": [{"from": "a"}]}', 'queries[0] needs "from" and "to"'],
])('queries that are %s are refused with the place', async (text, reason) => {
  const { code, out, err } = await ask(text);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(reason);
});
