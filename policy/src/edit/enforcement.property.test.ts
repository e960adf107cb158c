import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { isEnabled } from './disabled-label.ts';
import { setEnforcement } from './enforcement.ts';
import { anyStyle, writeStyled } from './styled-yaml.suite.ts';

const labels = fc.dictionary(
  fc.constantFrom('app', 'tier', 'k8s:app', 'constructor'),
  fc.constantFrom('web', 'on', '1'),
  { maxKeys: 3 },
);
const selector = fc.oneof(
  fc.constant({}),
  fc.constant(null),
  fc.constant({ matchLabels: {} }),
  fc.constant({ matchLabels: null }),
  labels.map((matchLabels) => ({ matchLabels })),
  labels.map((matchLabels) => ({ matchExpressions: [{ key: 'a', operator: 'Exists' }], matchLabels })),
  fc.constant({ matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] }),
);

const kubernetes = fc.tuple(fc.option(selector, { nil: undefined }), fc.boolean()).map(([podSelector, isFirst]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'a', labels: { app: 'web' } },
  spec: {
    ...(podSelector === undefined || !isFirst ? {} : { podSelector }),
    policyTypes: ['Ingress'],
    ...(podSelector === undefined || isFirst ? {} : { podSelector }),
  },
}));

const spec = fc
  .tuple(selector, fc.constantFrom('endpointSelector', 'nodeSelector'), fc.boolean())
  .map(([value, key, isFirst]) => ({
    ...(isFirst ? { [key]: value } : {}),
    ingress: [{ fromEndpoints: [{}] }],
    ...(isFirst ? {} : { [key]: value }),
  }));
const cilium = fc.tuple(spec, fc.array(spec, { maxLength: 2 })).map(([first, specs]) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: 'a' },
  spec: first,
  ...(specs.length > 0 ? { specs } : {}),
}));

/** The object with every selector spelled out, so that absent, null and empty ones compare equal. */
function spelledOut(object: unknown): unknown {
  const value = JSON.parse(JSON.stringify(object));
  for (const each of [value.spec, ...(value.specs ?? [])]) {
    const key =
      value.kind === 'NetworkPolicy'
        ? 'podSelector'
        : 'nodeSelector' in each && !each.endpointSelector
          ? 'nodeSelector'
          : 'endpointSelector';
    const { ['network-policy.gitlab.com/disabled_by']: _label, ...matchLabels } = each[key]?.matchLabels ?? {};
    each[key] = { ...each[key], matchLabels };
  }
  return value;
}

const manifest = fc.oneof(kubernetes, cilium);

test('in any style: disable then enable gives the first bytes back, and only the label lies between', () => {
  fc.assert(
    fc.property(manifest, anyStyle, (object, style) => {
      const text = writeStyled(object, style);
      const read = readManifests(text);
      fc.pre(read.problems.length === 0 && read.manifests.length === 1);
      const disabled = setEnforcement(text, { enabled: false });
      const off = readManifests(disabled.ok ? disabled.value : '').manifests[0];
      expect(off && isEnabled(off.object)).toBe(false);
      expect(spelledOut(off?.object)).toEqual(spelledOut(read.manifests[0]?.object));
      expect(disabled.ok && setEnforcement(disabled.value, { enabled: true })).toEqual({ ok: true, value: text });
    }),
    { numRuns: 300 },
  );
});

test('in any style: what somebody else disabled is enabled, and only the label goes', () => {
  const foreign = labels.chain((others) =>
    kubernetes.map((policy) => ({
      ...policy,
      spec: {
        ...policy.spec,
        podSelector: { matchLabels: { ...others, 'network-policy.gitlab.com/disabled_by': 'gitlab' } },
      },
    })),
  );
  fc.assert(
    fc.property(foreign, anyStyle, (object, style) => {
      const text = writeStyled(object, style);
      const read = readManifests(text);
      fc.pre(read.problems.length === 0 && read.manifests.length === 1);
      const enabled = setEnforcement(text, { enabled: true });
      const on = readManifests(enabled.ok ? enabled.value : '').manifests[0];
      expect(on && isEnabled(on.object)).toBe(true);
      expect(spelledOut(on?.object)).toEqual(spelledOut(read.manifests[0]?.object));
    }),
    { numRuns: 200 },
  );
});
