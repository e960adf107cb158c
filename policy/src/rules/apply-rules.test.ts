import { describe, expect, test } from 'vitest';
import { applyRules, readRules } from './apply-rules.ts';
import type { PolicyRules, Rule } from './model.ts';

const manifest = `# The web tier. Owned by team shop.
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web   # keep in step with the Deployment
  namespace: shop
  labels: {chart: auto-deploy-app-1.0, app.gitlab.com/proj: '7'}
  annotations:
    app.gitlab.com/alert: 'true'
spec:
  description: "The web tier"
  endpointSelector:
    matchLabels:
      app: web
  ingress:
  # From the proxy.
  - fromEndpoints:
    - matchLabels: {app: proxy}   # nginx
    toPorts:
    - ports:
      - port: "80"
        protocol: TCP
  # From the office.
  - fromCIDR:
    - 203.0.113.0/24

  # Probes.
  - fromEntities: [host]
  egress:
    - toEndpoints:
        - matchLabels: {k8s-app: kube-dns}
`;

function current(text: string): PolicyRules {
  const shown = readRules(text);
  if (!shown.ok) throw new Error(JSON.stringify(shown.reasons));
  return shown.rules;
}

function changed(text: string, change: (rules: PolicyRules) => Partial<PolicyRules>): string {
  const rules = current(text);
  const result = applyRules(text, { ...rules, ...change(rules) });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** What a line-wise comparison would show: lines that went and lines that came. */
function difference(before: string, after: string): readonly string[] {
  const old = before.split('\n');
  const lines = after.split('\n');
  let start = 0;
  while (start < old.length && old[start] === lines[start]) start++;
  let end = 0;
  while (end < Math.min(old.length, lines.length) - start && old.at(-1 - end) === lines.at(-1 - end)) end++;
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...lines.slice(start, lines.length - end).map((line) => `+${line}`),
  ];
}

function withRule(rules: PolicyRules, at: number, change: Partial<Rule>): Partial<PolicyRules> {
  return { rules: rules.rules.map((rule, index) => (index === at ? { ...rule, ...change } : rule)) };
}

function without(rules: PolicyRules, at: number): readonly Rule[] {
  return rules.rules.filter((_, index) => index !== at);
}

describe('only what differs changes — RULE-3', () => {
  test.each<readonly [string, (rules: PolicyRules) => Partial<PolicyRules>, readonly string[]]>([
    ['nothing', () => ({}), []],
    [
      'the name',
      () => ({ name: 'no' }),
      ['-  name: web   # keep in step with the Deployment', '+  name: "no"   # keep in step with the Deployment'],
    ],
    [
      'the description',
      () => ({ description: 'Front' }),
      ['-  description: "The web tier"', '+  description: "Front"'],
    ],
    ['a label of the subject', () => ({ selector: { matchLabels: { app: 'web', tier: '1' } } }), ['+      tier: "1"']],
    ['enforcement', () => ({ enabled: false }), ['+      network-policy.gitlab.com/disabled_by: gitlab']],
    [
      'a port',
      (rules) => withRule(rules, 0, { ports: [{ port: '8080', protocol: 'TCP' }] }),
      ['-      - port: "80"', '+      - port: "8080"'],
    ],
    [
      'one port more',
      (rules) =>
        withRule(rules, 0, {
          ports: [
            { port: '80', protocol: 'TCP' },
            { port: '90', endPort: 99, protocol: 'UDP' },
          ],
        }),
      ['+      - port: "90"', '+        endPort: 99', '+        protocol: UDP'],
    ],
    [
      'a label of a peer',
      (rules) => withRule(rules, 0, { peers: [{ type: 'pods', pods: { matchLabels: { app: 'on' } } }] }),
      ['-    - matchLabels: {app: proxy}   # nginx', '+    - matchLabels: {app: "on"}   # nginx'],
    ],
    [
      'an exception, which takes another list',
      (rules) => withRule(rules, 1, { peers: [{ type: 'cidr', cidr: '203.0.113.0/24', except: ['203.0.113.9/32'] }] }),
      [
        '-  - fromCIDR:',
        '-    - 203.0.113.0/24',
        '+  - fromCIDRSet:',
        '+    - cidr: 203.0.113.0/24',
        '+      except:',
        '+      - 203.0.113.9/32',
      ],
    ],
    [
      'an entity more',
      (rules) =>
        withRule(rules, 2, {
          peers: [
            { type: 'entity', entity: 'host' },
            { type: 'entity', entity: 'world' },
          ],
        }),
      ['-  - fromEntities: [host]', '+  - fromEntities: [host, world]'],
    ],
    [
      'a rule less, and its comment',
      (rules) => ({ rules: without(rules, 1) }),
      ['-  # From the office.', '-  - fromCIDR:', '-    - 203.0.113.0/24'],
    ],
    [
      'a rule more at the end of its list',
      ({ rules }) => ({
        rules: [
          ...rules.slice(0, 3),
          { direction: 'ingress', action: 'allow', peers: [{ type: 'any' }], ports: [{ port: '1', protocol: 'TCP' }] },
          ...rules.slice(3),
        ],
      }),
      ['+  - toPorts:', '+    - ports:', '+      - port: "1"', '+        protocol: TCP'],
    ],
    [
      'a list more',
      ({ rules }) => ({
        rules: [
          ...rules,
          { direction: 'egress', action: 'deny', peers: [{ type: 'entity', entity: 'world' }], ports: [] },
        ],
      }),
      ['+  egressDeny:', '+  - toEntities:', '+    - world'],
    ],
  ])('%s', (_name, change, lines) => {
    expect(difference(manifest, changed(manifest, change))).toEqual(lines);
  });

  test('a rule that moves takes its bytes and its comment along — EDIT-21', () => {
    const after = changed(manifest, ({ rules }) => ({
      rules: [rules[2], rules[0], rules[1], rules[3]].filter((rule) => rule !== undefined),
    }));
    expect(after).toContain(
      '  ingress:\n  # Probes.\n  - fromEntities: [host]\n  # From the proxy.\n  - fromEndpoints:\n    - matchLabels: {app: proxy}   # nginx\n',
    );
    expect(after.split('\n').toSorted()).toEqual(manifest.split('\n').toSorted());
  });

  test('a rule that is duplicated and changed leaves its source as it is', () => {
    const after = changed(manifest, ({ rules }) => {
      const [first, ...others] = rules;
      if (first === undefined) return {};
      return { rules: [first, { ...first, ports: [{ port: '81', protocol: 'TCP' }] }, ...others] };
    });
    expect(after).toContain(manifest.slice(0, manifest.indexOf('  # From the office.')));
  });

  test('metadata that Rule mode does not show stays', () => {
    const after = changed(manifest, () => ({ rules: [] }));
    expect(after).toContain(manifest.slice(0, manifest.indexOf('  ingress:')));
  });

  test('line ends, JSON and flow style stay what they are', () => {
    const windows = manifest.replaceAll('\n', '\r\n');
    expect(changed(windows, () => ({ name: 'x' }))).toBe(windows.replace('name: web', 'name: x'));
    const json =
      '{"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","metadata":{"name":"a"},"spec":{"endpointSelector":{},"ingress":[{"fromEntities":["host"]}]}}';
    expect(changed(json, (rules) => withRule(rules, 0, { peers: [{ type: 'entity', entity: 'no' }] }))).toBe(
      json.replace('host', 'no'),
    );
  });

  test('only the chosen policy of a file changes', () => {
    const two = `${manifest}---\n${manifest.replace('name: web', 'name: api')}`;
    const shown = readRules(two, { name: 'api' });
    const result = shown.ok ? applyRules(two, { ...shown.rules, description: 'b' }, { name: 'api' }) : shown;
    expect(result).toEqual({
      ok: true,
      value: `${manifest}---\n${manifest.replace('name: web', 'name: api').replace('"The web tier"', '"b"')}`,
    });
  });
});

test.each(['List', 'NetworkPolicyList'])('a policy among the items of a %s is changed in its place', (kind) => {
  const type = kind === 'List' ? 'apiVersion: networking.k8s.io/v1\n  kind: NetworkPolicy\n  ' : '';
  const item = (name: string): string => `- ${type}metadata: {name: ${name}}\n  spec: {podSelector: {}}\n`;
  const text = `apiVersion: networking.k8s.io/v1\nkind: ${kind}\nitems:\n${item('a')}${item('b')}`;
  const shown = readRules(text, { name: 'b' });
  const result = shown.ok ? applyRules(text, { ...shown.rules, name: 'c', enabled: false }, { name: 'b' }) : shown;
  const label = '{matchLabels: { network-policy.gitlab.com/disabled_by: gitlab }}';
  expect(result).toEqual({
    ok: true,
    value: text.replace(item('b'), item('c').replace('podSelector: {}', `podSelector: ${label}`)),
  });
});

test('a named policy can be changed while another document of the file is broken', () => {
  const text = `${manifest}---\nkind: {{ .Values.kind }}\n---\n${manifest.replace('name: web', 'name: api')}`;
  const shown = readRules(text, { name: 'api' });
  const result = shown.ok
    ? applyRules(text, { ...shown.rules, enabled: false, description: 'b' }, { name: 'api' })
    : shown;
  expect(result).toMatchObject({ ok: true });
  expect(result.ok && result.value.startsWith(text.slice(0, text.lastIndexOf('---')))).toBe(true);
  expect(readRules(text)).toMatchObject({ ok: false });
});

test('aliases keep their meaning when what they refer to changes — EDIT-23', () => {
  const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: a}
spec:
  endpointSelector: &web {matchLabels: {app: web}}
  ingress:
  - fromEndpoints: [*web]
`;
  const after = changed(text, () => ({ selector: { matchLabels: { app: 'api' } } }));
  expect(current(after)).toMatchObject({
    selector: { matchLabels: { app: 'api' } },
    rules: [{ peers: [{ pods: { matchLabels: { app: 'web' } } }] }],
  });
});

test.each([
  ['another kind', { kind: 'NetworkPolicy' as const }, 'other-kind'],
  [
    'a rule that cannot be read back',
    { rules: [{ direction: 'ingress', action: 'allow', peers: [{ type: 'any' }], ports: [] }] as const },
    'cannot-write',
  ],
])('%s is refused, and nothing is written', (_name, change, code) => {
  const result = applyRules(manifest, { ...current(manifest), ...change });
  expect(result.ok ? [] : result.problems.map((problem) => problem.code)).toEqual([code]);
});
