import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { readManifests } from '../source/read-manifests.ts';
import { isEnabled } from './disabled-label.ts';
import { setEnforcement } from './enforcement.ts';
import { sameJson } from './same-json.ts';

const selectors = [
  {},
  { matchLabels: {} },
  { matchLabels: { app: 'web' } },
  { matchLabels: { app: 'web', tier: '1' } },
];
const selector = fc.constantFrom(...selectors);
const rule = selector.map((peer) => ({ fromEndpoints: [peer] }));
const spec = fc
  .tuple(selector, fc.array(rule, { minLength: 1, maxLength: 3 }))
  .map(([subject, ingress]) => ({ endpointSelector: subject, ingress }));
const policy = fc.array(spec, { minLength: 1, maxLength: 3 }).map((specs) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'a', labels: { app: 'web' } },
  specs,
}));

/** Equal subtrees become one object, which the printer then writes as an anchor and aliases. */
function share(value: unknown, pool: Map<string, unknown>): unknown {
  if (value === null || typeof value !== 'object') return value;
  const copy = Array.isArray(value) ? value.map((item) => share(item, pool)) : shareEntries(value, pool);
  const key = JSON.stringify(copy);
  if (!pool.has(key)) pool.set(key, copy);
  return pool.get(key);
}

function shareEntries(value: object, pool: Map<string, unknown>): object {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, share(inner, pool)]));
}

/** The rules of a policy, which its selectors must not change. */
function rulesOf(text: string): readonly string[] {
  const specs = readManifests(text).manifests[0]?.object['specs'];
  return (Array.isArray(specs) ? specs : []).map((each) => JSON.stringify(each.ingress));
}

test('whatever is shared by anchors: the label comes and goes, and nothing else changes — EDIT-7', () => {
  fc.assert(
    fc.property(policy, fc.boolean(), (object, isFlow) => {
      const text = stringify(share(object, new Map()), { collectionStyle: isFlow ? 'flow' : 'any' });
      const disabled = setEnforcement(text, { enabled: false });
      const off = disabled.ok ? disabled.value : '';
      const [manifest] = readManifests(off).manifests;
      expect(manifest && isEnabled(manifest.object)).toBe(false);
      expect(rulesOf(off)).toEqual(rulesOf(text));
      expect(sameJson(manifest?.object['metadata'], object.metadata)).toBe(true);
      expect(setEnforcement(off, { enabled: true })).toEqual({ ok: true, value: text });
    }),
    { numRuns: 300 },
  );
});
