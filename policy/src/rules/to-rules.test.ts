import { describe, expect, test } from 'vitest';
import { readRules } from './apply-rules.ts';
import type { PolicyRules, Rule } from './model.ts';

function cilium(spec: string, kind = 'CiliumNetworkPolicy'): string {
  return `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: {name: p}\nspec: ${spec}\n`;
}

function kubernetes(spec: string): string {
  return `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: ${spec}\n`;
}

function rules(text: string): readonly Rule[] {
  const shown = readRules(text);
  if (!shown.ok) throw new Error(JSON.stringify(shown.reasons));
  return shown.rules.rules;
}

function reasons(text: string): readonly string[] {
  const shown = readRules(text);
  return shown.ok ? [] : shown.reasons.map(({ code, path, line }) => `${code} ${path} ${line ?? '-'}`);
}

/** The lossy or wrong cases of the original editor that it did not flag. */
describe('what the original showed wrongly — RULE-13, RULE-14', () => {
  test('several selectors are several peers, not one with all labels', () => {
    const [rule] = rules(
      cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {a: b}}, {matchLabels: {c: d}}]}]}'),
    );
    expect(rule?.peers).toEqual([
      { type: 'pods', pods: { matchLabels: { a: 'b' } } },
      { type: 'pods', pods: { matchLabels: { c: 'd' } } },
    ]);
  });

  test('label expressions of the subject are kept', () => {
    const shown = readRules(
      cilium('{endpointSelector: {matchExpressions: [{key: a, operator: NotIn, values: [b]}]}, ingress: [{}]}'),
    );
    expect(shown.ok && shown.rules.selector).toEqual({
      matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }],
    });
  });

  test('a pattern for names is a pattern', () => {
    expect(rules(cilium('{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: "*.a.b"}]}]}'))[0]?.peers).toEqual([
      { type: 'dns', pattern: '*.a.b' },
    ]);
  });

  test('a reason has line and column', () => {
    const shown = readRules(cilium('{tier: 1, endpointSelector: {}, ingress: [{}]}'));
    expect(!shown.ok && shown.reasons).toMatchObject([{ path: 'spec.tier', line: 4, column: 14 }]);
  });

  test('two kinds of peers in one rule are not shown', () => {
    expect(reasons(cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{}], fromEntities: [host]}]}'))).toEqual([
      'mixed-peers spec.ingress[0].fromEntities 4',
    ]);
  });

  test('a port without a protocol is every protocol in Cilium and TCP in Kubernetes', () => {
    expect(rules(cilium('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]}'))[0]?.ports).toEqual([
      { port: '80', protocol: 'ANY' },
    ]);
    expect(rules(kubernetes('{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'))[0]?.ports).toEqual([
      { port: '80', protocol: 'TCP' },
    ]);
  });

  test('ports without peers mean anyone', () => {
    expect(
      rules(cilium('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]}'))[0]?.peers,
    ).toEqual([{ type: 'any' }]);
  });

  test('an empty rule means nobody in Cilium and anyone in Kubernetes', () => {
    expect(rules(cilium('{endpointSelector: {}, egress: [{}]}'))[0]?.peers).toEqual([]);
    expect(rules(kubernetes('{podSelector: {}, egress: [{}]}'))[0]?.peers).toEqual([{ type: 'any' }]);
  });

  test('every unknown field is found, not only the last one looked at', () => {
    const spec =
      '{endpointSelector: {}, ingress: [{foo: 1}, {toPorts: [{ports: [{port: "80", bar: 1}]}]}, {fromEntities: [host]}]}';
    expect(reasons(cilium(spec)).map((reason) => reason.split(' ')[1])).toEqual([
      'spec.ingress[0].foo',
      'spec.ingress[1].toPorts[0].ports[0].bar',
    ]);
  });

  test.each(['spec', 'top'])('a description in %s is shown', (place) => {
    const text = cilium(
      place === 'spec'
        ? '{description: hello, endpointSelector: {}, ingress: [{}]}'
        : '{endpointSelector: {}, ingress: [{}]}\ndescription: hello',
    );
    expect(readRules(text)).toMatchObject({ ok: true, rules: { description: 'hello' } });
  });

  test('keys and values with colons are kept', () => {
    expect(
      rules(cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:app": "a:b"}}]}]}'))[0]
        ?.peers,
    ).toEqual([{ type: 'pods', pods: { matchLabels: { 'k8s:app': 'a:b' } } }]);
  });
});

describe('what is not shown has a reason and a place — RULE-1, RULE-12, RULE-15', () => {
  test.each([
    [
      '{endpointSelector: {}, egress: [{toServices: [{k8sService: {serviceName: a}}]}]}',
      'not-shown spec.egress[0].toServices 4',
    ],
    ['{endpointSelector: {}, ingress: [{fromGroups: []}]}', 'not-shown spec.ingress[0].fromGroups 4'],
    ['{endpointSelector: {}, ingress: [{fromNodes: [{}]}]}', 'not-shown spec.ingress[0].fromNodes 4'],
    [
      '{endpointSelector: {}, ingress: [{fromCIDRSet: [{cidrGroupRef: a}]}]}',
      'not-shown spec.ingress[0].fromCIDRSet[0].cidrGroupRef 4',
    ],
    [
      '{endpointSelector: {}, ingress: [{authentication: {mode: required}}]}',
      'not-shown spec.ingress[0].authentication 4',
    ],
    [
      '{endpointSelector: {}, egress: [{toPorts: [{ports: [{port: "1"}], listener: {name: a}}]}]}',
      'not-shown spec.egress[0].toPorts[0].listener 4',
    ],
    ['{endpointSelector: {}, log: {value: a}, ingress: [{}]}', 'not-shown spec.log 4'],
    ['{endpointSelector: {}, tier: a, ingress: [{}]}', 'unknown-field spec.tier 4'],
    ['{endpointSelector: {}, ingress: [{toPorts: [{}]}]}', 'matches-nothing spec.ingress[0].toPorts[0] 4'],
    [
      '{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: 80}]}]}]}',
      'not-text spec.ingress[0].toPorts[0].ports[0].port 4',
    ],
    [
      '{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80-90"}]}]}]}',
      'bad-port spec.ingress[0].toPorts[0].ports[0].port 4',
    ],
    [
      '{endpointSelector: {}, egress: [{toFQDNs: [], toPorts: [{ports: [{port: "1"}]}]}]}',
      'empty-names spec.egress[0].toFQDNs 4',
    ],
    ['{ingress: [{}]}', 'no-selector spec.endpointSelector 4'],
    ['{endpointSelector: {matchLabels: {a: 1}}, ingress: [{}]}', 'not-text spec.endpointSelector.matchLabels.a 4'],
  ])('%s', (spec, reason) => {
    expect(reasons(cilium(spec))).toEqual([reason]);
  });

  test('fields of metadata that nobody knows are a reason, those of Kubernetes are not', () => {
    const text = cilium('{endpointSelector: {}, ingress: [{}]}');
    expect(reasons(text.replace('name: p', 'name: p, labels: {a: b}, resourceVersion: "1"'))).toEqual([]);
    expect(reasons(text.replace('name: p', 'name: p, nmespace: a'))).toEqual(['unknown-field metadata.nmespace 3']);
  });

  test('a field that is set twice, of which only one could be shown', () => {
    const text = cilium('{endpointSelector: {}, ingress: [{fromEntities: [host]}], ingress: [{}]}');
    expect(reasons(text)).toEqual(['duplicate-field spec.ingress 4']);
  });

  test('several specs, text that is not YAML and files without a policy', () => {
    const specs =
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: p}\nspecs: [{endpointSelector: {}, ingress: [{}]}]\n';
    expect(reasons(specs)).toEqual(['not-shown specs 4']);
    expect(reasons('a: [')).toEqual(['unclosed-bracket  1']);
    expect(reasons('apiVersion: v1\nkind: ConfigMap\n')).toEqual(['no-policy  -']);
  });
});

test('everything that Rule mode has is shown — RULE-4, RULE-5, RULE-10', () => {
  const text = cilium(`
  description: everything
  endpointSelector: {matchLabels: {app: web, network-policy.gitlab.com/disabled_by: gitlab}}
  enableDefaultDeny: {egress: false}
  egressDeny:
  - toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]
    icmps: [{fields: [{type: 8}, {family: IPv6, type: EchoRequest}]}]
  ingress:
  - fromEntities: [world, host]
    toPorts:
    - ports: [{port: "80", endPort: 90, protocol: TCP}, {port: http, protocol: TCP}]
      rules: {http: [{method: GET, path: /a.*, host: h, headers: [X-A]}, {}]}
  egress:
  - toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]`);
  const expected: PolicyRules = {
    kind: 'CiliumNetworkPolicy',
    name: 'p',
    namespace: '',
    description: 'everything',
    enabled: false,
    selector: { matchLabels: { app: 'web' } },
    enableDefaultDeny: { egress: false },
    rules: [
      {
        direction: 'egress',
        action: 'deny',
        peers: [{ type: 'cidr', cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }],
        ports: [],
        icmp: [
          { family: 'IPv4', type: 8 },
          { family: 'IPv6', type: 'EchoRequest' },
        ],
      },
      {
        direction: 'ingress',
        action: 'allow',
        peers: [
          { type: 'entity', entity: 'world' },
          { type: 'entity', entity: 'host' },
        ],
        ports: [
          { port: '80', endPort: 90, protocol: 'TCP' },
          { port: 'http', protocol: 'TCP' },
        ],
        http: [{ method: 'GET', path: '/a.*', host: 'h', headers: ['X-A'] }, {}],
      },
      {
        direction: 'egress',
        action: 'allow',
        peers: [{ type: 'any' }],
        ports: [{ port: '53', protocol: 'ANY' }],
        dns: [{ pattern: '*' }],
      },
    ],
  };
  expect(readRules(text)).toEqual({ ok: true, rules: expected });
});

test('a NetworkPolicy shows pods, namespaces, both, and address blocks — RULE-11', () => {
  const text = kubernetes(`
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
  - to: [{ipBlock: {cidr: 172.20.8.0/21}}]
  - ports: [{protocol: UDP, port: 5353}, {port: 7000, endPort: 7100}, {protocol: SCTP}]
    to: [{namespaceSelector: {matchLabels: {team: dns}}, podSelector: {}}, {namespaceSelector: {}}, {podSelector: {}}]`);
  expect(readRules(text)).toMatchObject({
    ok: true,
    rules: {
      policyTypes: ['Ingress', 'Egress'],
      rules: [
        { peers: [{ type: 'cidr', cidr: '172.20.8.0/21' }], ports: [] },
        {
          peers: [
            { type: 'pods', pods: {}, namespaces: { matchLabels: { team: 'dns' } } },
            { type: 'pods', namespaces: {} },
            { type: 'pods', pods: {} },
          ],
          ports: [
            { port: '5353', protocol: 'UDP' },
            { port: '7000', endPort: 7100, protocol: 'TCP' },
            { port: '0', protocol: 'SCTP' },
          ],
        },
      ],
    },
  });
});
