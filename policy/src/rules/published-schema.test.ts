import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import { anyPolicyRules } from './arbitrary-rules.suite.ts';
import { parseRules } from './parse-rules.ts';

const file = new URL('../../../docs/schema/policy-rules.schema.json', import.meta.url);
const schema = fromJSONSchema(JSON.parse(readFileSync(file, 'utf8')));

const rule = { direction: 'ingress', action: 'allow', peers: [{ type: 'entity', entity: 'world' }], ports: [] };
const model = { kind: 'CiliumNetworkPolicy', name: 'a', namespace: 'b', enabled: true, selector: {}, rules: [rule] };

test('every model fits the published schema', () => {
  fc.assert(
    fc.property(anyPolicyRules, (rules) => {
      expect(schema.safeParse(JSON.parse(JSON.stringify(rules))).success).toBe(true);
    }),
  );
});

test.each<readonly [string, object]>([
  ['nothing wrong', {}],
  ['an unknown field', { extra: 1 }],
  ['another kind', { kind: 'Policy' }],
  ['no selector', { selector: undefined }],
  ['a label that is a number', { selector: { matchLabels: { a: 1 } } }],
  ['an unknown operator', { selector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }],
  ['a rule without ports', { rules: [{ ...rule, ports: undefined }] }],
  ['an unknown peer', { rules: [{ ...rule, peers: [{ type: 'service' }] }] }],
  ['a peer with a foreign field', { rules: [{ ...rule, peers: [{ type: 'any', cidr: 'a' }] }] }],
  [
    'a DNS peer with name and pattern',
    { rules: [{ ...rule, direction: 'egress', peers: [{ type: 'dns', name: 'a', pattern: 'b' }] }] },
  ],
  ['a port that is a number', { rules: [{ ...rule, ports: [{ port: 80, protocol: 'TCP' }] }] }],
  ['a port that is neither number nor name', { rules: [{ ...rule, ports: [{ port: '08', protocol: 'TCP' }] }] }],
])('%s: the schema and the reader say the same', (_name, change) => {
  const json = JSON.parse(JSON.stringify({ ...model, ...change }));
  expect(schema.safeParse(json).success).toBe(parseRules(json).ok);
});
