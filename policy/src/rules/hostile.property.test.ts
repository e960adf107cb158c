import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setEnforcement } from '../edit/enforcement.ts';
import { describePolicy } from '../humanize/describe.ts';
import { phraseText, toText } from '../humanize/words.ts';
import { readManifests } from '../source/read-manifests.ts';
import { readRules } from './apply-rules.ts';
import { parseRules } from './parse-rules.ts';

const words = [
  'spec',
  'specs',
  'metadata',
  'name',
  'namespace',
  'labels',
  'description',
  'endpointSelector',
  'nodeSelector',
  'podSelector',
  'matchLabels',
  'matchExpressions',
  'key',
  'operator',
  'values',
  'ingress',
  'egress',
  'ingressDeny',
  'egressDeny',
  'enableDefaultDeny',
  'policyTypes',
  'from',
  'to',
  'fromEndpoints',
  'toEndpoints',
  'fromEntities',
  'toEntities',
  'toCIDR',
  'toCIDRSet',
  'cidr',
  'except',
  'toFQDNs',
  'matchName',
  'matchPattern',
  'toServices',
  'k8sService',
  'serviceName',
  'toPorts',
  'ports',
  'port',
  'endPort',
  'protocol',
  'rules',
  'http',
  'dns',
  'method',
  'path',
  'headers',
  'icmps',
  'fields',
  'type',
  'family',
  'authentication',
  'mode',
  'ipBlock',
  'namespaceSelector',
  'log',
  '__proto__',
  'constructor',
  'toString',
  'kind',
  'enabled',
  'selector',
  'peers',
  'direction',
  'action',
  'network-policy.gitlab.com/disabled_by',
];
const text = fc.constantFrom(
  '',
  'a',
  '80',
  'TCP',
  'In',
  'Exists',
  'ingress',
  'allow',
  'any',
  'pods',
  'world',
  'NetworkPolicy',
  '10.0.0.0/8',
  '*.a.b',
  '\u0000',
  '\ud800',
  '\u2028',
);
const scalar = fc.oneof(text, fc.constantFrom(null, true, false, 0, -1, 1.5, 1e300));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 4 }),
  ),
}));

const kinds = [
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy' },
  { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy' },
];
const policy = fc
  .tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...words), value, { maxKeys: 6 }), value)
  .map(([kind, rest, spec]) => ({ ...rest, ...kind, spec }));

test('whatever a policy holds, it is described, shown or refused, and switched or refused', () => {
  fc.assert(
    fc.property(policy, (object) => {
      const source = JSON.stringify(object);
      for (const manifest of readManifests(source).manifests) {
        const said = describePolicy(manifest.object);
        expect(toText(said)).not.toMatch(/undefined|\[object/);
        for (const spec of said.specs) for (const { parts } of spec.rules) expect(phraseText(parts)).toMatch(/\.$/);
      }
      const shown = readRules(source);
      expect(shown.ok || shown.reasons.length > 0).toBe(true);
      const off = setEnforcement(source, { enabled: false });
      expect(!off.ok || setEnforcement(off.value, { enabled: true }).ok).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('whatever a model holds, it is read or refused', () => {
  fc.assert(
    fc.property(value, (model) => {
      const parsed = parseRules(model);
      expect(parsed.ok || parsed.problems.length > 0).toBe(true);
    }),
    { numRuns: 500 },
  );
});
