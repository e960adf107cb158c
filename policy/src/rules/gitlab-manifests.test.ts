import { describe, expect, test } from 'vitest';
import { describePolicy } from '../humanize/describe.ts';
import { toText } from '../humanize/words.ts';
import { readManifests } from '../source/read-manifests.ts';
import { validate } from '../validate/validate.ts';
import { applyRules, readRules } from './apply-rules.ts';
import type { PolicyRules } from './model.ts';

/** A policy as GitLab's editor wrote it: description at the top, labels and version carried along, arrays not indented. */
const written = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
description: Only the shop
metadata:
  name: shop
  annotations:
    app.gitlab.com/alert: 'true'
  labels:
    app.gitlab.com/proj: '21'
  resourceVersion: '101'
spec:
  endpointSelector:
    matchLabels:
      app: web
      tier: ''
      network-policy.gitlab.com/disabled_by: gitlab
  ingress:
  - fromEndpoints:
    - matchLabels:
        k: ''
        k2: v2
  - toPorts:
    - ports:
      - port: '80'
        protocol: TCP
      - port: '81'
        protocol: UDP
    fromEntities:
    - host
    - world
  egress:
  - toCIDR:
    - 10.0.0.0/8
    - 192.0.2.7/32
  - toFQDNs:
    - matchName: a.example
    - matchName: b.example
`;

/** The same from its first version, which kept the description in the spec, and one that a person switched on. */
const earlier = written
  .replace('description: Only the shop\n', '')
  .replace('spec:\n', 'spec:\n  description: Only the shop\n');
const on = written.replace('      network-policy.gitlab.com/disabled_by: gitlab\n', '');

function shown(text: string): PolicyRules {
  const result = readRules(text);
  if (!result.ok) throw new Error(JSON.stringify(result.reasons));
  return result.rules;
}

function changed(text: string, change: Partial<PolicyRules>): string {
  const result = applyRules(text, { ...shown(text), ...change });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

describe('a policy that GitLab wrote', () => {
  test('is shown with its description, its state, its labels without the one that disables, and every rule', () => {
    const tcp = (port: string, protocol: string) => ({ port, protocol });
    for (const text of [written, earlier])
      expect(shown(text)).toEqual({
        kind: 'CiliumNetworkPolicy',
        name: 'shop',
        namespace: '',
        description: 'Only the shop',
        enabled: false,
        selector: { matchLabels: { app: 'web', tier: '' } },
        rules: [
          {
            direction: 'ingress',
            action: 'allow',
            peers: [{ type: 'pods', pods: { matchLabels: { k: '', k2: 'v2' } } }],
            ports: [],
          },
          {
            direction: 'ingress',
            action: 'allow',
            peers: ['host', 'world'].map((entity) => ({ type: 'entity', entity })),
            ports: [tcp('80', 'TCP'), tcp('81', 'UDP')],
          },
          {
            direction: 'egress',
            action: 'allow',
            peers: ['10.0.0.0/8', '192.0.2.7/32'].map((cidr) => ({ type: 'cidr', cidr })),
            ports: [],
          },
          {
            direction: 'egress',
            action: 'allow',
            peers: ['a.example', 'b.example'].map((name) => ({ type: 'dns', name })),
            ports: [],
          },
        ],
      });
    expect(shown(on).enabled).toBe(true);
  });

  test('comes back byte for byte, and a change of one thing leaves annotations, labels and version alone', () => {
    for (const text of [written, earlier, on]) expect(changed(text, {})).toBe(text);
    expect(changed(written, { enabled: true })).toBe(on);
    expect(changed(written, { description: 'All' })).toBe(written.replace('Only the shop', 'All'));
    expect(changed(earlier, { description: 'All' })).toBe(earlier.replace('Only the shop', 'All'));
    const { rules } = shown(written);
    expect(changed(written, { rules: rules.slice(0, -1) })).toBe(written.slice(0, written.indexOf('  - toFQDNs:')));
  });

  test('is said rule by rule: who, from or to whom, on what', () => {
    const [manifest] = readManifests(on).manifests;
    const text = manifest ? toText(describePolicy(manifest.object)) : '';
    for (const sentence of [
      'Applies to pods with app=web and tier=',
      'Allow incoming connections from pods with k= and k2=v2',
      'on any port and protocol',
      'on TCP 80 and UDP 81',
      'to addresses outside the cluster in 10.0.0.0/8 and addresses outside the cluster in 192.0.2.7/32',
      'Allow outgoing connections to a.example and b.example',
    ])
      expect(text).toContain(sentence);
  });
});

test('a description at the top, which no API server keeps, is refused with where it belongs', () => {
  const problems = readManifests(written.replace('name: shop', 'name: shop\n  namespace: shop')).manifests.flatMap(
    (each) => validate(each).filter(({ severity }) => severity === 'error'),
  );
  expect(problems).toMatchObject([
    { path: 'description', line: 3, message: expect.stringMatching(/spec\.description/) },
  ]);
});

test('a NetworkPolicy stays one, whatever its text says of Cilium', () => {
  const text =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy # not a CiliumNetworkPolicy\nmetadata: {name: a, annotations: {was: CiliumNetworkPolicy}}\nspec: {podSelector: {}}\n';
  expect(shown(text)).toMatchObject({ kind: 'NetworkPolicy', name: 'a' });
});

test('a time without quotes is text, as kubectl reads it', () => {
  const text = on.replace("alert: 'true'", 'alert: 2020-01-01T00:00:00Z');
  expect(readManifests(text).manifests[0]?.object['metadata']).toMatchObject({
    annotations: { 'app.gitlab.com/alert': '2020-01-01T00:00:00Z' },
  });
  expect(changed(text, {})).toBe(text);
});

describe('Rule mode is off for a field that nobody knows, wherever it stands', () => {
  test.each([
    ['the top', 'kind: CiliumNetworkPolicy', 'kind: CiliumNetworkPolicy\nunknown: 1', 'unknown'],
    ['metadata', '  name: shop', '  name: shop\n  unknown: 1', 'metadata.unknown'],
    ['the spec', 'spec:', 'spec:\n  unknown: 1', 'spec.unknown'],
    ['the selector', '  endpointSelector:', '  endpointSelector:\n    unknown: 1', 'spec.endpointSelector.unknown'],
    ['the first rule', '  - fromEndpoints:', '  - unknown: 1\n    fromEndpoints:', 'spec.ingress[0].unknown'],
    [
      'a selector of a peer',
      '    - matchLabels:\n        k:',
      '    - unknown: 1\n      matchLabels:\n        k:',
      'spec.ingress[0].fromEndpoints[0].unknown',
    ],
    ['an item of toPorts', '    - ports:', '    - unknown: 1\n      ports:', 'spec.ingress[1].toPorts[0].unknown'],
    [
      'a port that is not the last',
      "      - port: '80'",
      "      - unknown: 1\n        port: '80'",
      'spec.ingress[1].toPorts[0].ports[0].unknown',
    ],
    [
      'a domain name',
      '    - matchName: a.example',
      '    - unknown: 1\n      matchName: a.example',
      'spec.egress[1].toFQDNs[0].unknown',
    ],
  ])('%s', (_, from, to, path) => {
    const result = readRules(written.replace(from, to));
    expect(result.ok || result.reasons).toMatchObject([{ path, line: expect.any(Number) }]);
  });

  test('and for a label that is set twice, of which only the last would count', () => {
    const result = readRules(written.replace('      app: web\n', '      app: api\n      app: web\n'));
    expect(result).toMatchObject({ ok: false, reasons: [{ code: 'duplicate-field' }] });
  });
});
