import { expect, test } from 'vitest';
import { describe } from './describe.ts';
import { runCommand, withFiles } from './run-command.suite.ts';

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: tier, operator: In, values: [web]}]}
  policyTypes: [Ingress, Egress]
  egress:
  - to: [{ipBlock: {cidr: 172.20.8.0/21}}]
  - ports: [{protocol: UDP, port: 5353}, {protocol: TCP, port: 7000, endPort: 7100}]
    to:
    - namespaceSelector: {matchLabels: {team: dns}}
      podSelector: {matchLabels: {app: resolver}}
`;

test('prints a sentence for each rule, with its own ports', async () => {
  const { code, out } = await runCommand(describe, ['-'], policy);
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines.find((line) => line.includes('172.20.8.0/21'))).toMatch(/on any port and protocol\.$/);
  expect(lines.find((line) => line.includes('resolver'))).toMatch(
    /that are in namespaces with team=dns on UDP 5353 and TCP 7000-7100\.$/,
  );
  expect(out).toContain('No incoming connection is allowed');
  expect(out).toContain('Applies to pods with tier in (web) in namespace shop.');
});

test('json is one document, also of several files and of none', async () => {
  await withFiles({ 'a.yaml': policy, 'b.json': '{"apiVersion":"v1","kind":"ConfigMap"}' }, async (path) => {
    const { code, out } = await runCommand(describe, ['-o', 'json', path('a.yaml'), path('b.json'), path('a.yaml')]);
    expect(code).toBe(0);
    expect(JSON.parse(out).policies).toHaveLength(2);
    expect(JSON.parse(out).policies[0]).toMatchObject({
      file: path('a.yaml'),
      line: 1,
      words: { kind: 'NetworkPolicy', name: 'out' },
    });
    const none = await runCommand(describe, ['-o', 'json', path('b.json')]);
    expect(JSON.parse(none.out)).toEqual({ policies: [] });
  });
});

test('a policy that the cluster refuses is said to have no effect', async () => {
  const { code, out } = await runCommand(describe, ['-'], policy.replace('endPort: 7100', 'endPort: 6000'));
  expect(code).toBe(0);
  expect(out).toMatch(
    /Refused by the cluster, so it has no effect: the API server refuses spec\.egress\[1\]\.ports\[1\].*\.\n/,
  );
});

test('what cannot be read is said, and makes the exit code 2', async () => {
  const { code, out, err } = await runCommand(describe, ['-', '/nowhere'], `${policy}---\na: [`);
  expect(code).toBe(2);
  expect(out).toContain('NetworkPolicy shop/out');
  expect(err).toMatch(/<stdin>:\d+:4: /);
  expect(err).toContain('/nowhere: This cannot be read');
});
