import { describe, expect, test } from 'vitest';
import { parseRules } from './parse-rules.ts';

const base = { kind: 'CiliumNetworkPolicy', name: 'a', namespace: 'b', enabled: true, selector: {}, rules: [] };
const rule = { direction: 'ingress', action: 'allow', peers: [{ type: 'entity', entity: 'world' }], ports: [] };

function problems(model: unknown): readonly string[] {
  const parsed = parseRules(model);
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
}

function withRule(change: object, kind = 'CiliumNetworkPolicy'): unknown {
  return { ...base, kind, rules: [{ ...rule, ...change }] };
}

describe('the shape — RULE-20', () => {
  test.each<readonly [string, unknown, readonly string[]]>([
    ['not an object', [], ['not-a-map ']],
    ['null', null, ['not-a-map ']],
    ['text', 'x', ['not-a-map ']],
    ['an unknown kind', { ...base, kind: 'Policy' }, ['bad-kind kind']],
    ['an unknown field', { ...base, foo: 1 }, ['unknown-field foo']],
    [
      'nothing but the kind',
      { kind: 'NetworkPolicy' },
      ['incomplete name', 'not-a-boolean enabled', 'incomplete selector', 'incomplete rules'],
    ],
    [
      'wrong types',
      { ...base, name: 1, enabled: 'yes', rules: {} },
      ['not-text name', 'not-a-boolean enabled', 'not-a-list rules'],
    ],
    ['a label that is a number', { ...base, selector: { matchLabels: { a: 1 } } }, ['not-text selector.matchLabels.a']],
    ['a rule without direction', withRule({ direction: 'in' }), ['bad-direction rules[0].direction']],
    ['a rule without peers', withRule({ peers: undefined }), ['incomplete rules[0].peers']],
    ['a peer of no type', withRule({ peers: [{ entity: 'a' }] }), ['bad-peer rules[0].peers[0].type']],
    [
      'a peer with a foreign field',
      withRule({ peers: [{ type: 'entity', entity: 'a', cidr: 'b' }] }),
      ['unknown-field rules[0].peers[0].cidr'],
    ],
    [
      'a port that is a number',
      withRule({ ports: [{ port: 80, protocol: 'TCP' }] }),
      ['not-text rules[0].ports[0].port'],
    ],
    [
      'a port that is neither number nor name',
      withRule({ ports: [{ port: '8 0', protocol: 'TCP' }] }),
      ['bad-port rules[0].ports[0].port'],
    ],
    [
      'a range that ends before it begins',
      withRule({ ports: [{ port: '80', endPort: 79, protocol: 'TCP' }] }),
      ['bad-range rules[0].ports[0].endPort'],
    ],
  ])('%s', (_name, model, expected) => {
    expect(problems(model)).toEqual(expected);
  });
});

describe('what the kind of policy cannot say — RULE-20', () => {
  test.each<readonly [string, unknown, readonly string[]]>([
    [
      'a namespace of a cluster-wide policy',
      { ...base, kind: 'CiliumClusterwideNetworkPolicy' },
      ['not-here namespace'],
    ],
    ['nodes as the subject of a namespaced policy', { ...base, subject: 'nodes' }, ['not-here subject']],
    ['policyTypes in Cilium', { ...base, policyTypes: ['Ingress'] }, ['not-here policyTypes']],
    [
      'enableDefaultDeny in Kubernetes',
      { ...base, kind: 'NetworkPolicy', enableDefaultDeny: {} },
      ['not-here enableDefaultDeny'],
    ],
    [
      'deny in Kubernetes',
      withRule({ action: 'deny', peers: [{ type: 'any' }] }, 'NetworkPolicy'),
      ['not-here rules[0].action'],
    ],
    ['entities in Kubernetes', withRule({}, 'NetworkPolicy'), ['not-here rules[0].peers']],
    ['nobody in Kubernetes', withRule({ peers: [] }, 'NetworkPolicy'), ['not-here rules[0].peers']],
    [
      'requests in Kubernetes',
      withRule({ peers: [{ type: 'any' }], http: [{}] }, 'NetworkPolicy'),
      ['not-here rules[0].http'],
    ],
    ['anyone on any port in Cilium', withRule({ peers: [{ type: 'any' }] }), ['not-here rules[0].peers']],
    [
      'two types of peers in Cilium',
      withRule({
        peers: [
          { type: 'entity', entity: 'host' },
          { type: 'cidr', cidr: '::/0' },
        ],
      }),
      ['mixed-peers rules[0].peers'],
    ],
    [
      'namespaces apart in Cilium',
      withRule({ peers: [{ type: 'pods', pods: {}, namespaces: {} }] }),
      ['not-here rules[0].peers[0].namespaces'],
    ],
    [
      'names for incoming connections',
      withRule({ peers: [{ type: 'dns', name: 'a.b' }] }),
      ['not-here rules[0].peers'],
    ],
    [
      'ports together with ICMP',
      withRule({ ports: [{ port: '1', protocol: 'TCP' }], icmp: [{ family: 'IPv4', type: 8 }] }),
      ['ports-and-icmp rules[0].icmp'],
    ],
    ['requests without ports', withRule({ http: [{ method: 'GET' }] }), ['incomplete rules[0].http']],
    [
      'requests in a deny rule',
      withRule({ action: 'deny', ports: [{ port: '1', protocol: 'TCP' }], http: [{}] }),
      ['not-here rules[0].http'],
    ],
  ])('%s', (_name, model, expected) => {
    expect(problems(model)).toEqual(expected);
  });
});

test('empty parts of a selector are left out, as they say nothing', () => {
  const parsed = parseRules({ ...base, selector: { matchLabels: {}, matchExpressions: [] } });
  expect(parsed).toMatchObject({ ok: true, value: { selector: {} } });
});

test('labels named like what every object inherits are labels', () => {
  const model = JSON.parse(
    '{"kind":"NetworkPolicy","name":"a","enabled":true,"selector":{"matchLabels":{"__proto__":"a","constructor":"b"}},"rules":[]}',
  );
  const parsed = parseRules(model);
  expect(parsed.ok && JSON.stringify(parsed.value.selector)).toBe(
    '{"matchLabels":{"__proto__":"a","constructor":"b"}}',
  );
});
