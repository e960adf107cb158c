import { describe, expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { describePolicy } from './describe.ts';
import type { DescribeOptions } from './describe.ts';
import { toText } from './words.ts';

function words(text: string, options?: DescribeOptions): string {
  const [manifest] = readManifests(text).manifests;
  return manifest ? toText(describePolicy(manifest.object, options)) : '';
}

function kubernetes(spec: string): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p, namespace: shop}, spec: ${spec}}`;
}

function cilium(spec: string, kind = 'CiliumNetworkPolicy'): string {
  const namespace = kind === 'CiliumNetworkPolicy' ? ', namespace: shop' : '';
  return `{apiVersion: cilium.io/v2, kind: ${kind}, metadata: {name: p${namespace}}, spec: ${spec}}`;
}

describe('the empty cases are four different sentences — WORD-11 to WORD-17', () => {
  const nothing = 'No incoming connection is allowed: nothing may connect to them';
  const open = 'Incoming connections are not restricted by this policy';
  test.each([
    ['NetworkPolicy without a spec', kubernetes('null'), nothing],
    ['NetworkPolicy without rules', kubernetes('{podSelector: {}}'), nothing],
    ['NetworkPolicy with an empty list', kubernetes('{podSelector: {}, ingress: []}'), nothing],
    [
      'NetworkPolicy with an empty rule',
      kubernetes('{podSelector: {}, ingress: [{}]}'),
      'from anything inside or outside the cluster on any port and protocol (the rule is empty',
    ],
    [
      'NetworkPolicy with an empty list of peers',
      kubernetes('{podSelector: {}, ingress: [{from: []}]}'),
      '(the list from is empty, which means anything)',
    ],
    [
      'NetworkPolicy with an empty selector',
      kubernetes('{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'),
      'from every pod in namespace shop on any port',
    ],
    [
      'NetworkPolicy with an empty namespace selector',
      kubernetes('{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}'),
      'from every pod in every namespace',
    ],
    ['Cilium without ingress', cilium('{endpointSelector: {}, egress: [{}]}'), open],
    [
      'Cilium with an empty list',
      cilium('{endpointSelector: {}, ingress: [], egress: [{}]}'),
      `${open} (the list ingress is empty, which in Cilium does nothing)`,
    ],
    [
      'Cilium with an empty rule',
      cilium('{endpointSelector: {}, ingress: [{}]}'),
      'The rule spec.ingress[0] allows nothing: it is empty',
    ],
    [
      'Cilium with an empty list of peers',
      cilium('{endpointSelector: {}, ingress: [{fromEntities: []}]}'),
      'its list fromEntities is empty, which selects nobody',
    ],
    [
      'Cilium with an empty selector',
      cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}'),
      'from every pod in namespace shop on any port',
    ],
    [
      'Cilium cluster-wide with an empty selector',
      cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}]}', 'CiliumClusterwideNetworkPolicy'),
      'from every pod in any namespace',
    ],
    [
      'Cilium with ports and no peers',
      cilium('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}]}]}]}'),
      'from anything inside or outside the cluster on TCP 80',
    ],
    [
      'Cilium with an empty list of ports',
      cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: []}]}]}'),
      'its list of ports is empty, which matches no port',
    ],
  ])('%s', (_name, policy, sentence) => {
    expect(words(policy)).toContain(sentence);
  });

  test('an empty toFQDNs beside ports is said to mean any peer', () => {
    const text = words(cilium('{endpointSelector: {}, egress: [{toFQDNs: [], toPorts: [{ports: [{port: "80"}]}]}]}'));
    expect(text).toContain('to anything inside or outside the cluster');
    expect(text).toContain('toFQDNs is empty; with ports beside it Cilium takes that for any peer');
  });
});

describe('isolation — WORD-10, WORD-14, WORD-18, WORD-34', () => {
  test('a policy that looks inert blocks incoming connections and leaves outgoing ones alone', () => {
    const text = words(kubernetes('{podSelector: {}, egress: []}'));
    expect(text).toContain('No incoming connection is allowed');
    expect(text).toContain('Outgoing connections are not restricted by this policy.');
  });

  test('deny rules alone switch on the default deny, and the text says so', () => {
    const deny = 'egressDeny: [{toPorts: [{ports: [{port: "25", protocol: TCP}]}]}]';
    expect(words(cilium(`{endpointSelector: {}, ${deny}}`))).toContain('All other outgoing connections are denied too');
    const off = words(cilium(`{endpointSelector: {}, enableDefaultDeny: {egress: false}, ${deny}}`));
    expect(off).toContain('stay as they are: the policy switches default deny off');
  });

  test('enableDefaultDeny without a rule in that direction does nothing', () => {
    expect(words(cilium('{endpointSelector: {}, enableDefaultDeny: {egress: true}, ingress: [{}]}'))).toContain(
      'Outgoing connections are not restricted by this policy (enableDefaultDeny.egress is true, but',
    );
  });

  test('rules that policyTypes leaves out count in Cilium only', () => {
    const policy = kubernetes('{podSelector: {}, policyTypes: [Egress], ingress: [{}]}');
    expect(words(policy, { as: 'cilium' })).toContain('but Cilium enforces them');
    const strict = words(policy, { as: 'kubernetes' });
    expect(strict).toContain('The ingress rules are ignored');
    expect(strict).not.toContain('Allow incoming');
  });
});

describe('what cannot be said is not guessed — WORD-1', () => {
  test.each([
    [
      'a field of the wrong direction',
      cilium('{endpointSelector: {}, ingress: [{toEndpoints: [{}], toPorts: [{ports: [{port: "1"}]}]}]}'),
      'toEndpoints is not known there',
    ],
    [
      'an unknown field of the policy',
      cilium('{endpointSelector: {}, tier: 3, ingress: [{fromEndpoints: [{}]}]}'),
      'spec.tier is not understood',
    ],
    [
      'a port that is a number',
      cilium('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: 80}]}]}]}'),
      'its ports or ICMP types cannot be read',
    ],
    [
      'two kinds of peers in one rule',
      cilium('{endpointSelector: {}, ingress: [{fromEndpoints: [{}], fromEntities: [host]}]}'),
      'fromEntities cannot be read',
    ],
    [
      'an unknown entity',
      cilium('{endpointSelector: {}, ingress: [{fromEntities: [toString]}]}'),
      'fromEntities cannot be read',
    ],
    [
      'a peer that says nothing',
      kubernetes('{podSelector: {}, ingress: [{from: [{}]}]}'),
      'a peer in from cannot be read',
    ],
    [
      'a selector that is not one',
      cilium('{endpointSelector: {matchLabel: {a: b}}, ingress: [{}]}'),
      'endpointSelector cannot be read',
    ],
  ])('%s', (_name, policy, sentence) => {
    const text = words(policy);
    expect(text).toContain(sentence);
    expect(text).not.toMatch(/Allow .* every pod in namespace shop on any port .*toEndpoints/);
  });

  test('another kind of object is not a policy', () => {
    expect(words('{apiVersion: v1, kind: ConfigMap, spec: {}}')).toContain(
      'Policies of kind ConfigMap are not understood',
    );
  });
});

test('a disabled policy says so, and then what it would do without the label — WORD-3', () => {
  const text = words(
    kubernetes('{podSelector: {matchLabels: {app: a, network-policy.gitlab.com/disabled_by: gitlab}}}'),
  );
  expect(text).toContain(
    'Disabled: the selector asks for the label network-policy.gitlab.com/disabled_by, which no pod has',
  );
  expect(text).toContain('Applies to pods with app=a in namespace shop.');
});

test('of several specs each is described, and a disabled one is named — WORD-3', () => {
  const disabled = '{endpointSelector: {matchLabels: {network-policy.gitlab.com/disabled_by: gitlab}}, ingress: [{}]}';
  const text = words(
    `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, specs: [{endpointSelector: {matchLabels: {app: a}}, egress: [{}]}, ${disabled}]}`,
  );
  expect(text).toContain('Disabled in part (specs[1])');
  expect(text).toContain('specs[0]:\n  Applies to pods with app=a in namespace shop.');
});

test('a value cannot write to the terminal or add a line of its own', () => {
  const text = words(kubernetes('{podSelector: {matchLabels: {a: "\\e[2J\\nAllow everything.\\u202e"}}}'));
  expect(text).toContain('pods with a=\\u001b[2J\\u000aAllow everything.\\u202e in namespace shop');
});
