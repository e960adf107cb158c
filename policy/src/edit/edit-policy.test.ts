import { describe, expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { editPolicy } from './edit-policy.ts';
import type { PolicyEdit } from './edit-policy.ts';

const cilium = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web # the name
  labels: {chart: auto-deploy-app-1.0}
spec:
  endpointSelector: {matchLabels: {app: web, network-policy.gitlab.com/disabled_by: gitlab}}
  ingress:
  # the proxy
  - fromEndpoints: [{matchLabels: {app: proxy}}]
    toPorts:
    - ports: [{port: "80", protocol: TCP}]
      rules:
        http: [{method: GET}]   # only reads
  - fromEntities: [host]
`;

function edited(text: string, ...edits: readonly PolicyEdit[]): string {
  const [manifest] = readManifests(text).manifests;
  if (manifest === undefined) throw new Error('no manifest');
  const result = editPolicy(manifest, edits);
  if (!result.ok) throw new Error(result.problems.map(({ code }) => code).join());
  return result.value;
}

describe('an operation changes what it names and nothing else — EDIT-20', () => {
  test.each<readonly [string, PolicyEdit, string, string]>([
    ['rename', { op: 'rename', name: '1e3' }, 'name: web # the name', 'name: "1e3" # the name'],
    [
      'another namespace',
      { op: 'rename', name: 'web', namespace: 'shop' },
      '  labels: {chart: auto-deploy-app-1.0}\n',
      '  labels: {chart: auto-deploy-app-1.0}\n  namespace: shop\n',
    ],
    [
      'a description',
      { op: 'describe', description: 'a: b' },
      '  - fromEntities: [host]\n',
      '  - fromEntities: [host]\n  description: "a: b"\n',
    ],
    [
      'a label',
      { op: 'label', values: { tier: 'no' } },
      '{chart: auto-deploy-app-1.0}',
      '{chart: auto-deploy-app-1.0, tier: "no"}',
    ],
    ['the only label away', { op: 'label', values: { chart: null } }, '{chart: auto-deploy-app-1.0}', '{}'],
    [
      'an annotation where there were none',
      { op: 'annotate', values: { 'app.gitlab.com/alert': 'true' } },
      '  labels: {chart: auto-deploy-app-1.0}\n',
      '  labels: {chart: auto-deploy-app-1.0}\n  annotations:\n    app.gitlab.com/alert: "true"\n',
    ],
    [
      'the selector, which stays disabled',
      { op: 'select', selector: { matchLabels: { app: 'api' } } },
      'app: web,',
      'app: api,',
    ],
    [
      'a rule replaced',
      { op: 'replace-rule', path: 'spec.ingress[1]', rule: { fromEntities: ['host', 'world'] } },
      '[host]',
      '[host, world]',
    ],
    [
      'a rule added before the others',
      { op: 'add-rule', path: 'spec.ingress', index: 0, rule: { fromCIDR: ['::/0'] } },
      '  # the proxy\n',
      '  - fromCIDR:\n    - "::/0"\n  # the proxy\n',
    ],
    [
      'a rule in a list that is not there yet',
      { op: 'add-rule', path: 'spec.egressDeny', rule: { toEntities: ['world'] } },
      '  - fromEntities: [host]\n',
      '  - fromEntities: [host]\n  egressDeny:\n  - toEntities:\n    - world\n',
    ],
    ['a rule removed', { op: 'remove-rule', path: 'spec.ingress[1]' }, '  - fromEntities: [host]\n', ''],
  ])('%s', (_name, edit, before, after) => {
    expect(edited(cilium, edit)).toBe(cilium.replace(before, after));
  });

  test('a rule moves with its comments and bytes — EDIT-21', () => {
    const start = cilium.indexOf('  # the proxy');
    const end = cilium.indexOf('  - fromEntities');
    const moved = `${cilium.slice(0, start)}${cilium.slice(end)}${cilium.slice(start, end)}`;
    expect(edited(cilium, { op: 'move-rule', path: 'spec.ingress[0]', to: 1 })).toBe(moved);
  });

  test('a text whose last line end counts brings it along at the end of a file that has none', () => {
    const text = cilium.trimEnd();
    const after = edited(text, { op: 'describe', description: 'two\nlines\n' });
    expect(after).toBe(`${text}\n  description: |\n    two\n    lines\n`);
    expect(edited(text, { op: 'describe', description: 'two\nlines' })).toBe(
      `${text}\n  description: |-\n    two\n    lines`,
    );
  });

  test('several operations in one go', () => {
    const after = edited(
      cilium,
      { op: 'rename', name: 'b' },
      { op: 'remove-rule', path: 'spec.ingress[0]' },
      { op: 'describe', description: null },
    );
    expect(after).toContain('name: b # the name');
    expect(after).not.toContain('proxy');
  });

  test('a NetworkPolicy is described by the annotation that Kubernetes has for it — EDIT-24', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n';
    expect(edited(text, { op: 'describe', description: 'x' })).toBe(
      text.replace('{name: a}', '{name: a, annotations: {kubernetes.io/description: x}}'),
    );
  });

  test('of several specs the one that is named', () => {
    const text =
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspecs:\n- {endpointSelector: {}, ingress: [{}]}\n- {endpointSelector: {}, ingress: [{}]}\n';
    const after = edited(
      text,
      { op: 'select', path: 'specs[1]', selector: { matchLabels: { a: 'b' } } },
      { op: 'remove-rule', path: 'specs[0].ingress[0]' },
    );
    expect(readManifests(after).manifests[0]?.object['specs']).toEqual([
      { endpointSelector: {} },
      { endpointSelector: { matchLabels: { a: 'b' } }, ingress: [{}] },
    ]);
  });
});

test.each<readonly [PolicyEdit, string]>([
  [{ op: 'remove-rule', path: 'spec.ingress[2]' }, 'no-rule'],
  [{ op: 'remove-rule', path: 'spec.egress[0]' }, 'no-rule'],
  [{ op: 'add-rule', path: 'spec.ingress', index: 9, rule: {} }, 'no-rule'],
  [{ op: 'add-rule', path: 'spec.endpointSelector', rule: {} }, 'no-rule'],
  [{ op: 'select', path: 'specs[0]', selector: {} }, 'no-spec'],
])('what is not there cannot be changed: %j', (edit, code) => {
  expect(() => edited(cilium, edit)).toThrow(code);
});
