import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { PolicyRules } from './model.ts';
import { printRules } from './print-rules.ts';

const base: PolicyRules = {
  kind: 'CiliumNetworkPolicy',
  name: 'web',
  namespace: 'shop',
  enabled: true,
  selector: {},
  rules: [],
};

const words = ['y', 'Y', 'yes', 'on', 'off', 'NO', 'n', 'true', 'False', 'null', 'Null', '~', ''];
const numbers = [
  '010',
  '0o10',
  '0x1f',
  '0b1',
  '1_000',
  '1:30',
  '190:20:30',
  '1e3',
  '12e03',
  '.5',
  '5.',
  '+1',
  '-1',
  '.inf',
  '.NaN',
  '080',
  '1,000',
];
const others = [
  '2001-12-14',
  '2001-12-14t21:59:43.10-05:00',
  '=',
  '<<',
  '-',
  '? a',
  'a: b',
  'a #b',
  '#a',
  '*a',
  '&a',
  '!a',
  '%a',
  '@a',
  '`a',
  '{a}',
  '[a]',
  '"',
  "'",
  ' a',
  'a ',
  'a\tb',
  '|',
  '>',
  '---',
];

test.each([...words, ...numbers, ...others])('%j stays text for readers of YAML 1.1 and 1.2 — EDIT-22', (value) => {
  const text = printRules({ ...base, selector: { matchLabels: { [value === '' ? 'k' : value]: value } } });
  for (const version of ['1.1', '1.2'] as const) {
    const labels = parse(text, { version, merge: true }).spec.endpointSelector.matchLabels;
    expect(Object.entries(labels)).toEqual([[value === '' ? 'k' : value, value]]);
  }
});

test('what needs no quotes gets none', () => {
  const text = printRules({
    ...base,
    selector: { matchLabels: { 'app.kubernetes.io/name': 'web-1.2', a: '10.0.0.0/8', b: 'x_y' } },
  });
  expect(text).not.toMatch(/["']/);
});

test('a new policy looks like one from kubectl: lists at the column of their key, sections in the order of their rules', () => {
  const text = printRules({
    ...base,
    description: 'Two\nlines',
    enabled: false,
    selector: { matchLabels: { app: 'web' } },
    rules: [
      {
        direction: 'egress',
        action: 'allow',
        peers: [{ type: 'dns', pattern: '*.a.example' }],
        ports: [{ port: '443', protocol: 'TCP' }],
      },
      { direction: 'ingress', action: 'allow', peers: [], ports: [] },
      { direction: 'egress', action: 'allow', peers: [{ type: 'pods', pods: {} }], ports: [] },
    ],
  });
  expect(text).toBe(`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  description: |-
    Two
    lines
  endpointSelector:
    matchLabels:
      app: web
      network-policy.gitlab.com/disabled_by: gitlab
  egress:
  - toFQDNs:
    - matchPattern: "*.a.example"
    toPorts:
    - ports:
      - port: "443"
        protocol: TCP
  - toEndpoints:
    - {}
  ingress:
  - {}
`);
});

test('a NetworkPolicy keeps its description in the annotation that Kubernetes has for it — EDIT-24', () => {
  const text = printRules({ ...base, kind: 'NetworkPolicy', description: 'no', policyTypes: ['Egress'], rules: [] });
  expect(text).toContain('  annotations:\n    kubernetes.io/description: "no"\n');
  expect(text).toContain('spec:\n  podSelector: {}\n  policyTypes:\n  - Egress\n');
});

test('more than 40 ports are spread over several entries, as the schema takes 40 in one — RULE-21', () => {
  const ports = Array.from({ length: 85 }, (_, index) => ({ port: String(index + 1), protocol: 'TCP' }));
  const text = printRules({
    ...base,
    rules: [{ direction: 'ingress', action: 'deny', peers: [{ type: 'any' }], ports }],
  });
  const entries: readonly { readonly ports: readonly unknown[] }[] = parse(text).spec.ingressDeny[0].toPorts;
  expect(entries.map((entry) => entry.ports.length)).toEqual([40, 40, 5]);
});
