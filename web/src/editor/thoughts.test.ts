import { expect, test } from 'vitest';
import { createThoughts } from './thoughts.ts';

const thoughts = createThoughts();

const policy = `# why: ticket 4711
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  endpointSelector:
    matchLabels: {app: web} # the shop
  ingress:
    - fromEndpoints:
        - matchLabels:
            app: cart
`;

test('a text is read once for everything that is shown of it', () => {
  const reading = thoughts.read(policy);
  expect(reading).toMatchObject({
    ref: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'web' },
    rules: { ok: true },
    problems: [],
    comments: 2,
  });
  expect(reading.words?.rules).toHaveLength(1);
});

test('a # inside of a text is no comment', () => {
  const texts = ['  description: "a # b"', '  description: a#b', '  description: |\n    # a\n    b # c'];
  for (const text of texts) expect(thoughts.read(policy.replace('spec:', `spec:\n${text}`)).comments).toBe(2);
});

test('what Rule mode cannot show is told with its place', () => {
  const { rules } = thoughts.read(policy.replace('fromEndpoints:', 'fromGroups:'));
  expect(rules).toMatchObject({ ok: false, reasons: [{ line: 11, path: 'spec.ingress[0].fromGroups' }] });
});

test('broken YAML, no policy, several policies and another kind each say what they are', () => {
  const codes = (text: string) => thoughts.read(text).problems.map(({ code }) => code);
  expect(thoughts.read('a: [').rules.ok).toBe(false);
  expect(codes('')).toEqual(['no-policy']);
  expect(codes(`${policy}---\n${policy}`)).toEqual(['several-policies']);
  expect(codes('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n')).toEqual(['unknown-kind']);
});

test('an edit in Rule mode changes what it names and keeps every comment', () => {
  const { rules } = thoughts.read(policy);
  if (!rules.ok) throw new Error('it can be shown');
  const changed = thoughts.apply({ text: policy, rules: { ...rules.rules, description: 'Cart only' } });
  expect(changed.ok && changed.reading.text).toBe(`${policy}  description: Cart only\n`);
});

test('opened from the cluster, a policy is without what the API server added', () => {
  const { text } = thoughts.open(policy.replace('metadata:\n', 'metadata:\n  resourceVersion: "7"\n  uid: u\n'));
  expect(text).not.toMatch(/resourceVersion|uid/);
  expect(text).toContain('namespace: shop');
});

test('a copy has another name and nobody’s ownership', () => {
  const { text, ref } = thoughts.copy({
    manifest: policy.replace('metadata:\n', 'metadata:\n  ownerReferences: []\n  resourceVersion: "7"\n'),
    name: 'web-copy',
  });
  expect(ref?.name).toBe('web-copy');
  expect(text).not.toMatch(/ownerReferences|resourceVersion/);
});

test('formatting keeps comments and meaning', () => {
  const formatted = thoughts.format(policy);
  expect(formatted.ok && formatted.reading.text).toContain('# why: ticket 4711');
  expect(formatted.ok && formatted.reading.text).toContain('  ingress:\n  - fromEndpoints:\n    - matchLabels:');
  expect(thoughts.format('a: [').ok).toBe(false);
});

test('deny rules are shown, and an edit elsewhere leaves them as they are', () => {
  const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: no-metadata, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
  - toEntities: [world]
  egressDeny:
  - toCIDR: [169.254.169.254/32]
`;
  const { rules } = thoughts.read(text);
  if (!rules.ok) throw new Error('it can be shown');
  expect(rules.rules.rules.map(({ action }) => action)).toEqual(['allow', 'deny']);
  const changed = thoughts.apply({ text, rules: { ...rules.rules, enabled: false } });
  expect(changed.ok && changed.reading.text).toContain('  egressDeny:\n  - toCIDR: [169.254.169.254/32]\n');
});

test('values that look like numbers or booleans stay text, whatever is edited and printed', () => {
  const matchLabels = { version: '1.10', build: '0123', flag: 'off', hex: '0xBEEF', exp: '6e3', none: 'Null' };
  const rules = {
    kind: 'CiliumNetworkPolicy',
    name: 'odd',
    namespace: 'shop',
    enabled: true,
    selector: { matchLabels },
    rules: [{ direction: 'ingress', action: 'allow', peers: [{ type: 'pods', pods: { matchLabels } }], ports: [] }],
  } as const;
  const printed = thoughts.print(rules);
  expect(printed.ok && printed.reading.rules).toEqual({ ok: true, rules });
  const opened = printed.ok ? thoughts.open(printed.reading.text) : null;
  expect(opened?.rules).toEqual({ ok: true, rules });
  const formatted = thoughts.format(opened?.text ?? '');
  expect(formatted.ok && formatted.reading.rules).toEqual({ ok: true, rules });
});
