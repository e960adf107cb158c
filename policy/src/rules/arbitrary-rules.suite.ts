import fc from 'fast-check';
import type { HttpRequestRule, LabelSelector, Peer, PolicyRules, Port, Rule } from './model.ts';
import { groupBySection } from './sections.ts';

/** Text that readers of YAML take for something else, between text that they do not. */
export const trickyText = fc.oneof(
  fc.constantFrom(
    'y',
    'on',
    'No',
    'null',
    '~',
    '010',
    '0o10',
    '1_000',
    '1:30',
    '2001-12-14',
    '1e3',
    '0x1f',
    '.5',
    '-',
    '=',
    '<<',
    'true',
    '"',
    "it's",
    'a: b',
    '# c',
    '',
    ' a',
    'a ',
    '*x',
    '&x',
    '!t',
    '{',
    '[a]',
    '%',
    '@',
    '`',
    '\u2028',
    'é',
    '-1',
    '+1',
    '.inf',
    'a #b',
    'a:',
    '?',
    ',',
    'b,c',
  ),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
);

const key = fc.oneof(
  fc.constantFrom(
    'app',
    'k8s:app',
    'app.kubernetes.io/name',
    'y',
    'no',
    '1',
    'any:io.kubernetes.pod.namespace',
    '__proto__',
    'constructor',
    'null',
  ),
  fc.stringMatching(/^[a-z]{1,5}$/),
);

const expression = fc.oneof(
  fc.record({
    key,
    operator: fc.constantFrom('In' as const, 'NotIn' as const),
    values: fc.array(trickyText, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ key, operator: fc.constantFrom('Exists' as const, 'DoesNotExist' as const) }),
);

export const selector: fc.Arbitrary<LabelSelector> = fc
  .record({
    labels: fc.uniqueArray(fc.tuple(key, trickyText), { maxLength: 3, selector: ([name]) => name }),
    matchExpressions: fc.array(expression, { maxLength: 2 }),
  })
  .map(({ labels, matchExpressions }) => ({
    ...(labels.length > 0 ? { matchLabels: Object.fromEntries(labels) } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  }));

const number = fc.integer({ min: 1, max: 60_000 });
const portNumber = fc.oneof(
  number.map((port) => ({ port: String(port) })),
  fc
    .tuple(number, fc.integer({ min: 0, max: 500 }))
    .map(([port, more]) => ({ port: String(port), endPort: port + more })),
  fc.constantFrom({ port: 'http' }, { port: 'dns-tcp' }, { port: '0' }),
);

function port(protocols: readonly string[]): fc.Arbitrary<Port> {
  return fc.tuple(portNumber, fc.constantFrom(...protocols)).map(([numbered, protocol]) => ({ ...numbered, protocol }));
}

const cidr = fc.constantFrom('10.0.0.0/8', '203.0.113.0/24', '2001:db8::/32', '0.0.0.0/0', '169.254.169.254/32');
const cidrPeer: fc.Arbitrary<Peer> = fc.oneof(
  cidr.map((address) => ({ type: 'cidr' as const, cidr: address })),
  fc
    .tuple(cidr, fc.array(cidr, { minLength: 1, maxLength: 2 }))
    .map(([address, except]) => ({ type: 'cidr' as const, cidr: address, except })),
);
const podsPeer: fc.Arbitrary<Peer> = selector.map((pods) => ({ type: 'pods', pods }));
const entityPeer: fc.Arbitrary<Peer> = fc
  .constantFrom('world', 'host', 'cluster', 'all')
  .map((entity) => ({ type: 'entity', entity }));
const dnsName = fc.oneof(
  fc.constantFrom('example.com', 'no', '1e3').map((name) => ({ name })),
  fc.constantFrom('*', '*.example.com', '**.example.net').map((pattern) => ({ pattern })),
);
const dnsPeer: fc.Arbitrary<Peer> = dnsName.map((name) => ({ type: 'dns', ...name }));

function some<T>(item: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(item, { minLength: 1, maxLength: 3 });
}

const ciliumPorts = fc.array(port(['TCP', 'UDP', 'SCTP', 'ANY']), { maxLength: 4 });
const icmp = some(
  fc.record({
    family: fc.constantFrom('IPv4' as const, 'IPv6' as const),
    type: fc.oneof(fc.constantFrom('EchoRequest', '8'), fc.integer({ min: 0, max: 255 })),
  }),
);
const http: fc.Arbitrary<HttpRequestRule> = fc.record(
  {
    method: fc.constantFrom('GET', 'POST|PUT'),
    path: fc.constantFrom('/api/.*', '/', 'y'),
    host: fc.constantFrom('a.example'),
    headers: fc.array(fc.constantFrom('X-A: 1', 'X-B'), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

type Layer4 = Pick<Rule, 'ports' | 'icmp' | 'http' | 'dns'>;
const requests: fc.Arbitrary<Layer4> = fc.oneof(
  some(port(['TCP'])).chain((ports) => some(http).map((list) => ({ ports, http: list }))),
  some(port(['UDP'])).chain((ports) => some(dnsName).map((dns) => ({ ports, dns }))),
);
const plain: fc.Arbitrary<Layer4> = fc.oneof(
  ciliumPorts.map((ports) => ({ ports })),
  icmp.map((types) => ({ ports: [], icmp: types })),
);

const ciliumRule: fc.Arbitrary<Rule> = fc
  .record({
    direction: fc.constantFrom('ingress' as const, 'egress' as const),
    action: fc.constantFrom('allow' as const, 'deny' as const),
  })
  .chain(({ direction, action }) => {
    const isAllow = action === 'allow';
    const peers = fc.oneof(
      fc.constant([]),
      some(podsPeer),
      some(entityPeer),
      some(cidrPeer),
      isAllow && direction === 'egress' ? some(dnsPeer) : fc.constant<Peer[]>([{ type: 'any' }]),
    );
    return fc
      .record({ peers, layer4: isAllow ? fc.oneof(plain, requests) : plain })
      .map(({ peers: named, layer4 }): Rule => {
        const isOpen = layer4.ports.length > 0 || layer4.icmp !== undefined;
        return { direction, action, peers: !isOpen && named[0]?.type === 'any' ? [] : named, ...layer4 };
      });
  });

const kubernetesPods: fc.Arbitrary<Peer> = fc
  .tuple(fc.option(selector, { nil: undefined }), fc.option(selector, { nil: undefined }))
  .map(([pods, namespaces]) => ({
    type: 'pods',
    ...(pods || !namespaces ? { pods: pods ?? {} } : {}),
    ...(namespaces ? { namespaces } : {}),
  }));
const kubernetesRule: fc.Arbitrary<Rule> = fc.record({
  direction: fc.constantFrom('ingress' as const, 'egress' as const),
  action: fc.constant('allow' as const),
  peers: fc.oneof(fc.constant<Peer[]>([{ type: 'any' }]), some(fc.oneof(kubernetesPods, cidrPeer))),
  ports: fc.array(port(['TCP', 'UDP']), { maxLength: 3 }).map((ports) => ports.map(withoutRangeOfAll)),
});

function withoutRangeOfAll(each: Port): Port {
  return each.port === '0' ? { port: '0', protocol: each.protocol } : each;
}

const description = fc.option(fc.oneof(trickyText, fc.constantFrom('two\nlines', 'ends\n', ' indented\nx', 'a\n\nb')), {
  nil: undefined,
});

/** Models that `parseRules` accepts, with the rules of a section together. */
export function policyRules(kind: PolicyRules['kind']): fc.Arbitrary<PolicyRules> {
  const isKubernetes = kind === 'NetworkPolicy';
  const isClusterwide = kind === 'CiliumClusterwideNetworkPolicy';
  return fc
    .record({
      name: trickyText,
      namespace: isClusterwide ? fc.constant('') : fc.constantFrom('', 'shop', 'no', '12'),
      description,
      enabled: fc.boolean(),
      isNode: isClusterwide ? fc.boolean() : fc.constant(false),
      selector,
      flags: fc.constantFrom(undefined, 'both', 'one'),
      rules: fc.array(isKubernetes ? kubernetesRule : ciliumRule, { maxLength: 5 }),
    })
    .map(({ name, namespace, description: text, enabled, isNode, selector: subject, flags, rules }) => ({
      kind,
      name,
      namespace,
      ...(text === undefined ? {} : { description: text }),
      enabled,
      ...(isNode ? { subject: 'nodes' as const } : {}),
      selector: subject,
      ...(isKubernetes && flags
        ? { policyTypes: flags === 'both' ? (['Egress', 'Ingress'] as const) : (['Egress'] as const) }
        : {}),
      ...(!isKubernetes && flags
        ? { enableDefaultDeny: flags === 'both' ? { ingress: true, egress: false } : { egress: false } }
        : {}),
      rules: groupBySection(rules),
    }));
}

export const anyPolicyRules = fc.oneof(
  policyRules('NetworkPolicy'),
  policyRules('CiliumNetworkPolicy'),
  policyRules('CiliumClusterwideNetworkPolicy'),
);
