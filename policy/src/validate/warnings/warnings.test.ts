import { describe, expect, test } from 'vitest';
import { readManifests } from '../../source/read-manifests.ts';
import { validate } from '../validate.ts';
import type { CiliumVersion } from '../versions.ts';

const port = 'toPorts: [{ports: [{port: "80", protocol: TCP}]}]';

function warningsOf(kind: string, spec: string, cilium: CiliumVersion = '1.20'): readonly string[] {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a, namespace: shop}\n${spec}\n`;
  return readManifests(text).manifests.flatMap((manifest) =>
    validate(manifest, { cilium }).map(
      ({ severity, code, path }) => `${severity === 'error' ? 'ERROR ' : ''}${code} ${path}`,
    ),
  );
}

const cnp = (rule: string, cilium?: CiliumVersion) =>
  warningsOf('CiliumNetworkPolicy', `spec: {endpointSelector: {}, ${rule}}`, cilium);

describe('what Cilium accepts and is useless or surprising', () => {
  test.each([
    ['an empty item', 'ingress: [{}]', ['empty-rule spec.ingress[0]']],
    ['an empty item of a rule that says it denies', 'ingress: [{}], enableDefaultDeny: {ingress: true}', []],
    [
      'an empty item beside another',
      `ingress: [{}, {${port}}], enableDefaultDeny: {ingress: true}`,
      ['empty-rule spec.ingress[0]'],
    ],
    ['deny alone', 'egressDeny: [{toEntities: [host]}]', ['deny-only spec.egressDeny']],
    [
      'deny alone in a rule that says it denies all',
      'egressDeny: [{toEntities: [host]}], enableDefaultDeny: {egress: true}',
      [],
    ],
    [
      'an empty list of peers beside another item',
      `ingress: [{fromEntities: []}, {${port}}]`,
      ['empty-peers spec.ingress[0].fromEntities'],
    ],
    ['an empty list of peers alone, which denies', `ingress: [{fromEntities: [], ${port}}]`, []],
    ['peers that are null', `ingress: [{fromEndpoints: , ${port}}]`, ['null-field spec.ingress[0].fromEndpoints']],
    ['ports that are null', 'ingress: [{fromEntities: [host], toPorts: }]', ['null-field spec.ingress[0].toPorts']],
    ['an empty list of groups', `ingress: [{fromGroups: [], ${port}}]`, ['open-peers spec.ingress[0].fromGroups']],
    ['an empty list of names', `egress: [{toFQDNs: [], ${port}}]`, ['open-peers spec.egress[0].toFQDNs']],
    ['toPorts without ports', 'ingress: [{toPorts: [{}]}]', ['no-ports spec.ingress[0].toPorts[0]']],
    ['icmps without fields', 'ingress: [{icmps: [{}]}]', ['no-ports spec.ingress[0].icmps[0]']],
    [
      'ICMP type 0',
      'ingress: [{icmps: [{fields: [{type: 0}]}]}]',
      ['every-icmp-type spec.ingress[0].icmps[0].fields[0].type'],
    ],
    [
      'an ICMP type over 255',
      'ingress: [{icmps: [{fields: [{type: 300}]}]}]',
      ['no-such-icmp-type spec.ingress[0].icmps[0].fields[0].type'],
    ],
    ['deny items alone', 'ingressDeny: [{fromEntities: [world]}]', ['deny-only spec.ingressDeny']],
    ['deny items beside an allow item', 'ingress: [{fromEntities: [all]}], ingressDeny: [{fromEntities: [world]}]', []],
    [
      'default deny without an item',
      'ingress: [{fromEntities: [all]}], enableDefaultDeny: {egress: true}',
      ['default-deny-without-rules spec.enableDefaultDeny.egress'],
    ],
    [
      'an octal port',
      'ingress: [{toPorts: [{ports: [{port: "010"}]}]}]',
      ['odd-port spec.ingress[0].toPorts[0].ports[0].port'],
    ],
    [
      'an end before the port',
      'ingress: [{toPorts: [{ports: [{port: "90", endPort: 80}]}]}]',
      ['needless-end-port spec.ingress[0].toPorts[0].ports[0].endPort'],
    ],
    [
      'an end behind a name',
      'ingress: [{toPorts: [{ports: [{port: http, endPort: 80}]}]}]',
      ['needless-end-port spec.ingress[0].toPorts[0].ports[0].endPort'],
    ],
    [
      'a range from port 0',
      'ingress: [{toPorts: [{ports: [{port: "0", endPort: 80}]}]}]',
      ['every-port spec.ingress[0].toPorts[0].ports[0].endPort'],
    ],
    ['port 0 alone, which says every port', 'ingress: [{toPorts: [{ports: [{port: "0"}]}]}]', []],
    [
      'a Service in a deny item',
      'egress: [{toEntities: [all]}], egressDeny: [{toServices: [{k8sService: {serviceName: a}}]}]',
      ['services-in-deny spec.egressDeny[0].toServices'],
    ],
    [
      'a Service with ports',
      `egress: [{toServices: [{k8sService: {serviceName: a}}], ${port}}]`,
      ['service-may-be-missing spec.egress[0].toServices'],
    ],
    ['a Service without a name', 'egress: [{toServices: [{}]}]', ['empty-service spec.egress[0].toServices[0]']],
    ['a private block', 'egress: [{toCIDR: [10.1.0.0/16]}]', ['cidr-for-pods spec.egress[0].toCIDR[0]']],
    ['a single private address', 'egress: [{toCIDR: [10.1.0.5/32]}]', []],
    ['everything of one family', 'egress: [{toCIDR: [0.0.0.0/0]}]', ['outside-only spec.egress[0].toCIDR[0]']],
    ['bits behind the prefix', 'egress: [{toCIDR: [198.51.100.7/24]}]', ['host-bits spec.egress[0].toCIDR[0]']],
    [
      'an exception of everything',
      'egress: [{toCIDRSet: [{cidr: 198.51.100.0/24, except: [198.51.100.0/24]}]}]',
      ['nothing-left spec.egress[0].toCIDRSet[0].cidr'],
    ],
    [
      'an empty list of HTTP rules',
      'ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: []}}]}]',
      ['empty-l7 spec.ingress[0].toPorts[0].rules.http'],
    ],
    [
      'a host that is no expression',
      'ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{host: "["}]}}]}]',
      ['bad-expression spec.ingress[0].toPorts[0].rules.http[0].host'],
    ],
    [
      'DNS rules on another port',
      'egress: [{toPorts: [{ports: [{port: "5353"}], rules: {dns: [{matchPattern: "*"}]}}]}]',
      ['dns-port spec.egress[0].toPorts[0].ports[0].port'],
    ],
    [
      'a key of two spellings',
      'ingress: [{fromEndpoints: [{matchLabels: {app: a, any:app: b}}]}]',
      ['ambiguous-label spec.ingress[0].fromEndpoints[0].matchLabels.app'],
    ],
    [
      'a selector that contradicts itself',
      'ingress: [{fromEndpoints: [{matchLabels: {app: a}, matchExpressions: [{key: app, operator: DoesNotExist}]}]}]',
      ['selects-nothing spec.ingress[0].fromEndpoints[0].matchExpressions[0]'],
    ],
  ] as const)('%s — VAL-40', (_, rule, expected) => {
    expect(cnp(rule)).toEqual(expected);
  });

  test('mutual authentication is deprecated from 1.20 on', () => {
    const rule = 'ingress: [{fromEntities: [cluster], authentication: {mode: required}}]';
    expect(cnp(rule, '1.19')).toEqual([]);
    expect(cnp(rule)).toEqual(['mutual-authentication spec.ingress[0].authentication']);
  });

  test('a policy selects its own namespace whatever its selector says', () => {
    const spec =
      'spec: {endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: other}}, ingress: [{fromEntities: [host]}]}';
    expect(warningsOf('CiliumNetworkPolicy', spec)).toEqual([
      'foreign-namespace spec.endpointSelector.matchLabels["k8s:io.kubernetes.pod.namespace"]',
    ]);
  });

  test('a clusterwide policy has no namespace, an empty selector reaches all, nodes need the host firewall', () => {
    expect(
      warningsOf('CiliumClusterwideNetworkPolicy', 'spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}'),
    ).toEqual(['needless-namespace metadata.namespace', 'selects-everything spec.endpointSelector']);
    const nodes = 'spec: {nodeSelector: {}, ingress: [{fromEntities: [host]}]}';
    expect(warningsOf('CiliumClusterwideNetworkPolicy', nodes)).toContain('host-firewall spec.nodeSelector');
  });

  test('specs without an item do nothing', () => {
    expect(warningsOf('CiliumNetworkPolicy', 'specs: []')).toEqual(['no-rules specs']);
  });

  test('no warning stands beside a refusal of the same object', () => {
    expect(cnp('ingress: [{}], egress: [{toEntities: [nowhere]}]')).toEqual([
      'ERROR not-allowed spec.egress[0].toEntities[0]',
    ]);
  });
});

describe('what the API server accepts in a NetworkPolicy and is useless or surprising', () => {
  test.each([
    ['no selector', 'spec: {ingress: [{}]}', ['selects-everything spec']],
    [
      'a section that policyTypes leaves out',
      'spec: {podSelector: {}, policyTypes: [Egress], ingress: [{}]}',
      ['section-not-in-types spec.ingress'],
    ],
    [
      'a private block',
      'spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}',
      ['cidr-for-pods spec.ingress[0].from[0].ipBlock.cidr'],
    ],
    ['denying everything, which is what it says', 'spec: {podSelector: {}, policyTypes: [Ingress, Egress]}', []],
    ['allowing everything', 'spec: {podSelector: {}, ingress: [{}]}', []],
  ] as const)('%s — VAL-41', (_, spec, expected) => {
    expect(warningsOf('NetworkPolicy', spec)).toEqual(expected);
  });
});
