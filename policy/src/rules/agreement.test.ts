import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { canonical } from '../edit/align.ts';
import { lowerPolicy, policyKindOf } from '../lower/lower-policy.ts';
import type { JsonValue } from '../source/json.ts';
import { readManifests } from '../source/read-manifests.ts';
import { applyRules } from './apply-rules.ts';
import { printRules } from './print-rules.ts';
import { toRules } from './to-rules.ts';

const file = new URL('../../cases/validation.json.gz', import.meta.url);
const judged: readonly { readonly manifest: string }[] = JSON.parse(gunzipSync(readFileSync(file)).toString());

/** What a policy is evaluated by, without the places in its text; rules that match nothing differ in form only. */
function evaluated(object: unknown): JsonValue {
  const lowered = lowerPolicy(object);
  if (!lowered.ok) return lowered.problems.length;
  const rules = lowered.value.rules.map((rule) =>
    rule.peers.type === 'nobody' ? { ...rule, peers: 'nobody', ports: [] } : rule,
  );
  return JSON.parse(JSON.stringify(rules, (key: string, value: unknown) => (key === 'path' ? undefined : value)));
}

const shown = judged.flatMap(({ manifest: text }) => {
  const [manifest] = readManifests(text).manifests;
  const rules = manifest && policyKindOf(manifest.object) ? toRules(manifest) : undefined;
  return manifest && rules?.ok ? [{ text, object: manifest.object, rules: rules.rules }] : [];
});

test('what Rule mode shows of a policy, written anew, is evaluated the same', () => {
  const changed = shown.filter(({ object, rules }) => {
    const [written] = readManifests(printRules(rules)).manifests;
    return canonical(evaluated(written?.object)) !== canonical(evaluated(object));
  });
  expect(changed.map(({ text }) => text)).toEqual([]);
  expect(shown.length).toBeGreaterThan(500);
});

test('any policy can be made to say what any other of its kind says', () => {
  const some = shown.filter((_, index) => index % 8 === 0);
  const failed = some.filter(({ text, rules }, index) => {
    const other = some.slice(index + 1).find((each) => each.rules.kind === rules.kind);
    return other !== undefined && !applyRules(text, other.rules).ok;
  });
  expect(failed.map(({ text }) => text)).toEqual([]);
});
