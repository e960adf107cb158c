import { describe, expect, test } from 'vitest';
import { readManifests } from './read-manifests.ts';

const stream = `# only a comment
---
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: shop}
spec: {podSelector: {}}
--- # a comment behind the separator
apiVersion: v1
kind: List
items:
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: b, namespace: shop}
  spec: {podSelector: {}, policyTypes: [Egress]}
- apiVersion: cilium.io/v2
  kind: CiliumNetworkPolicy
  metadata: {name: c, namespace: shop}
  spec:
    endpointSelector: {}
    ingress:
    - fromEntities: [clusters]
...
---
apiVersion: v1
kind: ConfigMap
metadata: {name: not-a-policy, namespace: shop}
`;

const codes = (text: string, maxBytes?: number) =>
  readManifests(text, maxBytes === undefined ? {} : { maxBytes }).problems.map(({ code }) => code);

describe('reading a stream of documents', () => {
  test.each([
    ['line feeds', stream],
    ['carriage returns', stream.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${stream}`],
  ])('every object counts, those of a List too, with %s — READ-3', (_, text) => {
    const { manifests, problems } = readManifests(text);
    expect(problems).toEqual([]);
    expect(manifests.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'not-a-policy']);
    expect(manifests[2]?.place('spec.ingress[0].fromEntities[0]').line).toBe(22);
    expect(manifests[2]?.nodeAt('spec.egress')).toBeUndefined();
    expect(manifests[2]?.place('spec.egress').line).toBe(19);
  });

  test('an item of a typed list has the type of its list — READ-4', () => {
    const { manifests } = readManifests(
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems:\n- metadata: {name: a}\n  spec: {podSelector: {}}\n',
    );
    expect(manifests[0]).toMatchObject({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'a' });
  });

  test('a broken document hides no other — READ-2', () => {
    const { manifests, problems } = readManifests('a: [1\n---\nkind: Pod\napiVersion: v1\n---\n\tx: 1\n');
    expect(manifests.map(({ kind }) => kind)).toEqual(['Pod']);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['unclosed-bracket', 1],
      ['tab-indent', 6],
    ]);
  });

  test('JSON objects may follow each other without a separator — READ-5', () => {
    const json =
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\\ud83d\\ude00"}}\n{\n\t"apiVersion":"v1",\n\t"kind":"Pod"\n}';
    expect(readManifests(json).manifests.map(({ name }) => name)).toEqual(['😀', '']);
  });
});

describe('bad input', () => {
  test.each([
    ['a NUL', 'kind: a\0b', 'control-character'],
    ['a lone surrogate', 'kind: "\ud800"', 'control-character'],
    ['an escaped lone surrogate', 'kind: "\\ud800"', 'lone-surrogate'],
    ['a tab that indents', 'kind: A\nspec:\n\ta: 1', 'tab-indent'],
    ['a tab behind a dash', 'a:\n-\tb', 'tab-indent'],
    ['a key without its colon', 'a:\n  foo\n  bar: 1', 'missing-colon'],
    ['a second colon', 'a: b: c', 'unexpected-text'],
    ['Helm’s blocks alone', '{{- range .Values.all }}\n{{- end }}\n', 'helm-template'],
    ['a Helm template', 'kind: {{ .Values.kind }}\n', 'helm-template'],
    ['a Helm block', '{{- if .Values.on }}\nkind: A\n{{- end }}\n', 'helm-template'],
    ['a kustomize patch', 'apiVersion: v1\nkind: A\nmetadata: {name: a}\n$patch: delete\n', 'kustomize-patch'],
    ['text', 'hello', 'not-an-object'],
    ['a policy without its kind', 'apiVersion: cilium.io/v2\nspec: {}', 'no-type'],
    ['depth 10,000 in brackets', '['.repeat(10_000), 'too-deep'],
    ['depth 10,000 in dashes', '- '.repeat(10_000), 'too-deep'],
    ['aliases that multiply', bomb(), 'alias-bomb'],
    ['an alias inside its anchor', 'a: &a [*a]', 'bad-alias'],
    ['an infinite number', 'kind: .inf', 'bad-scalar'],
  ])('%s is refused with its place — READ-6', (_, text, code) => {
    const { problems, manifests } = readManifests(text);
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.line).toBeGreaterThan(0);
    expect(manifests).toEqual([]);
  });

  test('a document over the limit is refused by name, in bytes, and hides no other — READ-7', () => {
    expect(codes(`a: ${'é'.repeat(60)}\n---\nkind: A\napiVersion: v1\n`, 100)).toEqual(['too-large']);
    expect(codes(`a: ${'e'.repeat(60)}`, 100)).toEqual([]);
  });

  test('a kustomization and a values file are no manifests and no problem — READ-8', () => {
    expect(
      readManifests('resources:\n- a.yaml\n---\nreplicas: 3\n---\n- {op: add, path: /a, value: 1}\n'),
    ).toMatchObject({
      manifests: [],
      problems: [],
    });
  });

  test('`__proto__` and `constructor` are keys like any other — READ-9', () => {
    const { manifests } = readManifests('{apiVersion: v1, kind: A, __proto__: {a: 1}, constructor: 2, toString: 3}');
    expect(JSON.stringify(manifests[0]?.object)).toBe(
      '{"apiVersion":"v1","kind":"A","__proto__":{"a":1},"constructor":2,"toString":3}',
    );
  });

  test('a key set twice keeps its last value and is named with its place — READ-10', () => {
    const { manifests } = readManifests('apiVersion: v1\nkind: A\nspec:\n  a: 1\n  b: 2\n  a: 3\n');
    expect(manifests[0]?.object['spec']).toEqual({ a: 3, b: 2 });
    expect(manifests[0]?.duplicates).toMatchObject([
      { code: 'duplicate-field', refusedBy: 'api-server', path: 'spec.a', line: 6, column: 3 },
    ]);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level++) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  return lines.join('\n');
}
