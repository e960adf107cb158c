import { describe, expect, test } from 'vitest';
import { connectivity } from './connectivity.ts';
import { diff } from './diff.ts';
import { runWithFiles } from './run-with-files.suite.ts';

const pods = ['web', 'api']
  .map(
    (app) => `apiVersion: v1
kind: Pod
metadata: {name: ${app}, namespace: shop, labels: {app: ${app}}}
spec: {containers: [{name: c}]}
---
`,
  )
  .join('');
const out = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{ports: [{port: 8080}, {port: 9000, endPort: 9010}]}]
---
`;
const into = (last: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress: [{ports: [{port: 8443}, ${last}{port: 8080, protocol: UDP}]}]
`;
const wide = into('{port: 9010, endPort: 9020}, ');

describe('policy connectivity', () => {
  test('lists what both sides let through, and no pair without it', async () => {
    const { code, out: text } = await runWithFiles(connectivity, ['all.yaml'], { 'all.yaml': pods + out + wide });
    expect(code).toBe(0);
    expect(text.split('\n')).toContain('shop/web[Pod] => shop/api[Pod] : TCP 9010');
    const narrow = await runWithFiles(connectivity, ['all.yaml'], { 'all.yaml': pods + out + into('') });
    expect(narrow.out).not.toContain('shop/web[Pod] => shop/api[Pod]');
  });

  test('prints one JSON document', async () => {
    const { out: text } = await runWithFiles(connectivity, ['all.yaml', '-o', 'json'], {
      'all.yaml': pods + out + wide,
    });
    expect(JSON.parse(text).items).toContainEqual({
      from: 'shop/web[Pod]',
      to: 'shop/api[Pod]',
      connections: [{ protocol: 'TCP', ports: [[9010, 9010]] }],
    });
    const nothing = await runWithFiles(connectivity, ['-', '-o', 'json'], {}, '');
    expect(JSON.parse(nothing.out)).toEqual({ items: [] });
    expect(nothing.err).toContain('neither a workload nor a policy');
  });

  test('prints a picture for dot', async () => {
    const { out: text } = await runWithFiles(connectivity, ['all.yaml', '-o', 'dot'], {
      'all.yaml': pods + out + wide,
    });
    expect(text).toContain('"shop/web[Pod]" -> "shop/api[Pod]" [label="TCP 9010"];');
  });

  test('without workloads the selected pods stand in, and standard error says so', async () => {
    const { out: text, err } = await runWithFiles(connectivity, ['all.yaml'], { 'all.yaml': out + wide });
    expect(text).toContain('shop/{app=web}[Pods] => shop/{app=api}[Pods] : TCP 9010');
    expect(err).toContain('stand in');
  });
});

describe('policy diff', () => {
  const many = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: many, namespace: z}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
${Array.from({ length: 200 }, (_, index) => manyRule(index + 1)).join('')}`;

  test('a policy of very many ports and itself do not differ', async () => {
    const { code, out: text } = await runWithFiles(diff, ['many.yaml', 'many.yaml'], { 'many.yaml': many });
    expect([code, JSON.parse(text)]).toEqual([0, { added: [], removed: [], changed: [] }]);
  });

  const noSmtp = (more: string): string => `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: no-smtp}
spec:
  endpointSelector:
    matchExpressions: [{key: role, operator: NotIn, values: [relay]}]
${more}  egressDeny:
  - toPorts: [{ports: [{port: "25", protocol: TCP}]}]
`;
  const opened = { 'old.yaml': noSmtp(''), 'new.yaml': noSmtp('  enableDefaultDeny: {egress: false}\n') };

  test('default deny switched off gains connections, loses none, and exits 1', async () => {
    const { code, out: text } = await runWithFiles(diff, ['old.yaml', 'new.yaml'], opened);
    const report = JSON.parse(text);
    expect(code).toBe(1);
    expect([report.added.length > 0, report.removed, report.changed]).toEqual([true, [], []]);
  });

  test('a side with policies alone has the workloads of the other', async () => {
    const files = { 'old.yaml': pods + out + wide, 'new.yaml': out + into('') };
    const { code, out: text, err } = await runWithFiles(diff, ['old.yaml', 'new.yaml'], files);
    const report = JSON.parse(text);
    expect([code, report.added, report.changed.length]).toEqual([1, [], 1]);
    expect(report.removed).toMatchObject([{ from: 'shop/web[Pod]', to: 'shop/api[Pod]', after: [] }]);
    expect(err).toContain('taken for both');
  });

  test('names the rules that decide, before and after', async () => {
    const { out: text } = await runWithFiles(diff, ['old.yaml', 'new.yaml', '-o', 'txt', '--why'], opened);
    expect(text).toContain(
      'before CiliumClusterwideNetworkPolicy/no-smtp egressDeny[0] (default-deny); after no policy decided',
    );
  });
});

function manyRule(number: number): string {
  const first = 1000 * (number % 50) + 2000;
  const ports = [
    `{port: ${100 + number}, protocol: UDP}`,
    `{port: ${100 + number}, protocol: TCP}`,
    '{port: 53, protocol: UDP}',
    `{port: ${first}, endPort: ${first + 500}}`,
  ];
  return `  - ports: [${ports.join(', ')}]\n`;
}
