import { describe, expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { isEnabled } from './disabled-label.ts';
import { setEnforcement } from './enforcement.ts';

const label = 'network-policy.gitlab.com/disabled_by';

function switched(text: string, enabled: boolean, name?: string): string {
  const result = setEnforcement(text, { enabled, ...(name === undefined ? {} : { name }) });
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('; '));
  return result.value;
}

function kubernetes(selector: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: a\nspec:\n${selector}  policyTypes: [Ingress]\n`;
}

function cilium(rest: string): string {
  return `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, labels: &l {app: web}}\n${rest}`;
}

const json = '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a"},"spec":';

const manifests: readonly (readonly [string, string])[] = [
  ['an empty map', kubernetes('  podSelector: {}\n')],
  ['an empty map with a comment behind it', kubernetes('  podSelector: {} # every pod\n')],
  ['an empty map with a blank in it', kubernetes('  podSelector: { }\n')],
  ['an empty map over two lines', kubernetes('  podSelector: {\n  }\n')],
  ['empty matchLabels in braces', kubernetes('  podSelector: {matchLabels: {}}\n')],
  ['empty matchLabels with blanks', kubernetes('  podSelector: { matchLabels: { } }\n')],
  ['empty matchLabels below', kubernetes('  podSelector:\n    matchLabels: {}\n')],
  ['matchLabels without a value', kubernetes('  podSelector:\n    matchLabels:\n')],
  ['matchLabels that is ~', kubernetes('  podSelector:\n    matchLabels: ~ # none\n')],
  ['matchLabels that is null in braces', kubernetes('  podSelector: {matchLabels: null}\n')],
  ['matchLabels as a mere key in braces', kubernetes('  podSelector: {matchLabels}\n')],
  ['matchLabels with a colon only in braces', kubernetes('  podSelector: {matchLabels: }\n')],
  ['a selector without a value', kubernetes('  podSelector:\n')],
  ['a selector without a value and a blank behind', kubernetes('  podSelector: \n')],
  ['a selector that is null', kubernetes('  podSelector: null\n')],
  ['a selector that is NULL', kubernetes('  podSelector: NULL\n')],
  ['no selector', kubernetes('')],
  ['labels below', kubernetes('  podSelector:\n    matchLabels:\n      app: web # web\n      # a comment\n')],
  ['labels whose last is a literal', kubernetes('  podSelector:\n    matchLabels:\n      app: |\n        web\n')],
  ['labels with an empty value', kubernetes('  podSelector:\n    matchLabels:\n      app:\n')],
  ['labels indented by one', kubernetes('  podSelector:\n   matchLabels:\n    app: web\n')],
  [
    'expressions only',
    kubernetes('  podSelector:\n    # c\n    matchExpressions:\n    - {key: a, operator: Exists}\n'),
  ],
  ['expressions in braces', kubernetes('  podSelector: {matchExpressions: [{key: a, operator: Exists}]}\n')],
  ['labels in braces with commas behind', kubernetes('  podSelector: {matchLabels: {app: web, }, }\n')],
  ['labels in braces over lines', kubernetes('  podSelector: {matchLabels: {app: web\n     ,b: c # d\n     }}\n')],
  ['labels in braces with an empty value', kubernetes('  podSelector: {matchLabels: {app:}}\n')],
  ['quoted keys and tabs', kubernetes('  "podSelector": {\n   \t"matchLabels": {\n\t"a": "b"}}\n')],
  ['keys in single quotes', kubernetes("  'podSelector': {'matchLabels': {'a': 'b'}}\n")],
  ['an explicit key', kubernetes('  ? podSelector\n  : matchLabels:\n      app: web\n')],
  ['a tag', kubernetes('  podSelector: !!map {}\n')],
  ['a byte order mark', `\uFEFF${kubernetes('  podSelector:\n    matchLabels:\n      app: web\n')}`],
  ['JSON with an empty map', `${json}{"podSelector":{}}}`],
  ['JSON without a selector', `${json}{}}`],
  ['JSON with null', `${json}{"podSelector":null}}`],
  ['JSON with labels', `${json}{"podSelector":{"matchLabels":{"a":"b"}}}}`],
  [
    'JSON over lines',
    `${json}{\n  "podSelector": {\n    "matchLabels": {\n      "a": "b",\n      "c": "d"\n    }\n  }\n}}\n`,
  ],
  ['an anchor that peers use', cilium('spec:\n  endpointSelector: &x {}\n  ingress:\n  - fromEndpoints: [*x, *x]\n')],
  [
    'an anchor below that peers use',
    cilium(
      'spec:\n  endpointSelector: &x\n    matchLabels: &y\n      app: web\n  ingress:\n  - fromEndpoints: [*x, matchLabels: *y]\n',
    ),
  ],
  ['an alias', cilium('spec:\n  endpointSelector:\n    matchLabels: *l\n  ingress: [{}]\n')],
  ['a merge', cilium('spec:\n  endpointSelector:\n    matchLabels:\n      <<: *l\n  ingress: [{}]\n')],
  [
    'an anchor that another spec uses',
    cilium(
      'specs:\n- endpointSelector: &x {}\n  ingress: [{}]\n- endpointSelector: *x\n  ingress: [{}]\n- ingress: [{}]\n',
    ),
  ],
  ['a spec without selector', cilium('specs:\n- ingress: [{}]\n- {ingress: [{}]}\n')],
];

const variants = manifests.flatMap(([name, text]) => [
  [name, text] as const,
  [`${name}, without a line end at the end`, text.replace(/\n$/, '')] as const,
  [`${name}, with CRLF`, text.replaceAll('\n', '\r\n')] as const,
]);

describe('disabling', () => {
  test.each(variants)('%s: enabling gives the first bytes back — EDIT-4', (_name, text) => {
    const disabled = switched(text, false);
    expect(disabled).not.toBe(text);
    expect(switched(disabled, true)).toBe(text);
  });

  test.each(variants)('%s: once more changes nothing — EDIT-2', (_name, text) => {
    const disabled = switched(text, false);
    expect(switched(disabled, false)).toBe(disabled);
    expect(switched(text, true)).toBe(text);
  });

  test.each(variants)('%s: nothing but the label is added to the object — EDIT-3', (_name, text) => {
    const [before] = readManifests(text).manifests;
    const [after] = readManifests(switched(text, false)).manifests;
    expect(before && isEnabled(before.object)).toBe(true);
    expect(after && isEnabled(after.object)).toBe(false);
    expect(plain(after?.object, 'without label')).toEqual(plain(before?.object, 'as it is'));
  });
});

/** Selectors that say the same become equal: absent, null, `{}`, `{matchLabels: {}}`. */
function plain(object: unknown, mode: 'without label' | 'as it is'): unknown {
  const value = JSON.parse(JSON.stringify(object ?? null)) as Record<string, unknown>;
  const specs = [value['spec'], ...((value['specs'] as unknown[] | undefined) ?? [])] as (
    | Record<string, unknown>
    | undefined
  )[];
  for (const spec of specs) {
    if (spec === undefined) continue;
    const key = value['kind'] === 'NetworkPolicy' ? 'podSelector' : 'endpointSelector';
    const selector = { ...(spec[key] as Record<string, unknown> | null | undefined) };
    const labels = { ...(selector['matchLabels'] as Record<string, unknown> | null | undefined) };
    if (mode === 'without label' && labels[label] === 'gitlab') delete labels[label];
    spec[key] = { ...selector, matchLabels: labels };
  }
  return value;
}

describe('enabling what somebody else disabled — EDIT-6', () => {
  test.each([
    [`  podSelector:\n    matchLabels:\n      ${label}: gitlab\n`, '  podSelector:\n    matchLabels: {}\n'],
    [
      `  podSelector:\n    matchLabels: # why\n      ${label}: gitlab # off\n`,
      '  podSelector:\n    matchLabels: {} # why\n',
    ],
    [
      `  podSelector:\n    matchLabels:\n      ${label}: gitlab\n      app: web\n`,
      '  podSelector:\n    matchLabels:\n      app: web\n',
    ],
    [
      `  podSelector:\n    matchLabels:\n      app: web\n      '${label}': "me" # off\n`,
      '  podSelector:\n    matchLabels:\n      app: web\n',
    ],
    [`  podSelector: { matchLabels: { ${label}: gitlab } }\n`, '  podSelector: { matchLabels: {} }\n'],
    [`  podSelector:\n    matchLabels: { ${label}: gitlab }\n`, '  podSelector:\n    matchLabels: {}\n'],
    [`  podSelector: {matchLabels: {${label}: gitlab, app: web}}\n`, '  podSelector: {matchLabels: {app: web}}\n'],
    [`  podSelector: {matchLabels: { ${label}: gitlab, app: web }}\n`, '  podSelector: {matchLabels: { app: web }}\n'],
  ])('%j', (before, after) => {
    expect(switched(kubernetes(before), true)).toBe(kubernetes(after));
  });

  test('an alias keeps the meaning that it has', () => {
    const text = cilium(
      `spec:\n  endpointSelector: &x {matchLabels: {a: b, ${label}: gitlab}}\n  ingress:\n  - fromEndpoints: [*x]\n`,
    );
    const [manifest] = readManifests(switched(text, true)).manifests;
    expect(manifest?.object['spec']).toEqual({
      endpointSelector: { matchLabels: { a: 'b' } },
      ingress: [{ fromEndpoints: [{ matchLabels: { a: 'b', [label]: 'gitlab' } }] }],
    });
  });
});

test('labels added by hand to a disabled policy stay when it is enabled — EDIT-8', () => {
  const disabled = switched(kubernetes('  podSelector: {}\n'), false);
  const edited = disabled.replace(' }}', ', app: web }}');
  expect(readManifests(switched(edited, true)).manifests[0]?.object['spec']).toMatchObject({
    podSelector: { matchLabels: { app: 'web' } },
  });
});

test('an alias keeps its meaning while the anchored selector is disabled — EDIT-7', () => {
  const text = cilium('spec:\n  endpointSelector: &x {}\n  ingress:\n  - fromEndpoints: [*x, *x]\n');
  const spec = readManifests(switched(text, false)).manifests[0]?.object['spec'];
  expect(spec).toMatchObject({ ingress: [{ fromEndpoints: [{}, {}] }] });
  expect(JSON.stringify(spec).match(/disabled_by/g)).toHaveLength(1);
});

test('only the named policy changes', () => {
  const two = `${kubernetes('  podSelector: {}\n')}---\n${kubernetes('  podSelector: {}\n').replace('name: a', 'name: b')}`;
  const [a, b] = readManifests(switched(two, false, 'b')).manifests;
  expect([a, b].map((manifest) => manifest && isEnabled(manifest.object))).toEqual([true, false]);
});

test('text that is not YAML is refused, unless the policy that is named stands beside it — EDIT-9', () => {
  const text = `a: [\n---\n${kubernetes('  podSelector: {}\n')}`;
  const all = setEnforcement(text, { enabled: false });
  expect(all.ok ? [] : all.problems.map(({ code, line }) => [code, line])).toEqual([['unclosed-bracket', 1]]);
  expect(switched(switched(text, false, 'a'), true, 'a')).toBe(text);
});

test.each([
  ['no policy of that name', kubernetes('  podSelector: {}\n'), 'no-policy'],
  ['no spec', 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: zz}\n', 'no-spec'],

  ['a selector that is a list', kubernetes('  podSelector: []\n').replace('name: a', 'name: zz'), 'cannot-edit'],
])('%s is refused with a reason — EDIT-9', (_name, text, code) => {
  const result = setEnforcement(text, { enabled: false, name: 'zz' });
  expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual([code]);
});
