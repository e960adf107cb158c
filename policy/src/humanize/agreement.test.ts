import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { lowerPolicy, policyKindOf } from '../lower/lower-policy.ts';
import type { Rule } from '../model/policy.ts';
import { readManifests } from '../source/read-manifests.ts';
import { directions } from './direction.ts';
import { describePolicy } from './describe.ts';
import type { Sentence } from './words.ts';
import { phraseText } from './words.ts';

const file = new URL('../../cases/validation.json.gz', import.meta.url);
const judged: readonly { readonly refusedBy: string | null; readonly manifest: string }[] = JSON.parse(
  gunzipSync(readFileSync(file)).toString(),
);
const policies = judged
  .filter(({ refusedBy }, index) => refusedBy === null && index % 2 === 0)
  .flatMap(({ manifest }) => readManifests(manifest).manifests)
  .filter(({ object }) => policyKindOf(object) !== undefined);

/** What evaluation makes of a rule, in the terms of its sentence. */
function outlineOf({ peers, ports, effect }: Rule): string {
  const isNothing = peers.type === 'nobody' || (ports !== 'all' && ports.length === 0);
  if (isNothing) return 'no-effect';
  return `${effect} ${peers.type === 'any' ? 'anything' : 'somebody'} ${ports === 'all' ? 'everywhere' : 'somewhere'}`;
}

function outlineSaid({ role, parts }: Sentence): string {
  if (role === 'no-effect') return role;
  const text = phraseText(parts);
  const who =
    text.includes('anything inside or outside the cluster') && !text.includes('[all]') ? 'anything' : 'somebody';
  return `${role} ${who} ${text.includes('on any port and protocol') ? 'everywhere' : 'somewhere'}`;
}

function stateSaid(sentence: Sentence | undefined): string {
  const text = phraseText(sentence?.parts ?? []);
  if (text.includes('not restricted')) return 'open';
  return text.includes('stay as they are') ? 'default-deny-off' : 'isolated';
}

test.each(['cilium', 'kubernetes'] as const)('what is said of a rule is what is evaluated, as %s', (as) => {
  const compared = policies.flatMap(({ object }) => {
    const lowered = lowerPolicy(object, { as });
    const rules = new Map((lowered.ok ? lowered.value.rules : []).map((rule) => [rule.path, rule]));
    const said = describePolicy(object, { as }).specs.flatMap((spec) => spec.rules);
    return said.flatMap((sentence) => {
      const rule = rules.get(sentence.path);
      if (rule === undefined || sentence.role === 'not-understood') return [];
      return [{ said: outlineSaid(sentence), evaluated: outlineOf(rule), text: phraseText(sentence.parts) }];
    });
  });
  expect(compared.filter(({ said, evaluated }) => said !== evaluated)).toEqual([]);
  expect(compared.length).toBeGreaterThan(1500);
});

test.each(['cilium', 'kubernetes'] as const)(
  'what is said of the other connections is what is evaluated, as %s',
  (as) => {
    const compared = policies.flatMap(({ object, text }) => {
      const lowered = lowerPolicy(object, { as });
      return describePolicy(object, { as }).specs.flatMap(({ path, summary }) =>
        directions.map((direction) => {
          const rules = (lowered.ok ? lowered.value.rules : []).filter(
            (rule) => rule.direction === direction && `${rule.path}.`.startsWith(`${path}.`),
          );
          const isolated = rules.some(({ defaultDeny }) => defaultDeny);
          const evaluated = rules.length === 0 ? 'open' : isolated ? 'isolated' : 'default-deny-off';
          return {
            said: stateSaid(summary.find((sentence) => sentence.path === `${path}.${direction}`)),
            evaluated,
            text,
          };
        }),
      );
    });
    expect(compared.filter(({ said, evaluated }) => said !== evaluated)).toEqual([]);
  },
);

test('nothing that the cluster accepts is left unsaid, but for values that are null', () => {
  const unsaid = policies.filter(({ object }) => {
    const words = describePolicy(object);
    const sentences = words.specs.flatMap((spec) => [...spec.summary, ...spec.rules, ...spec.notes]);
    return sentences.some(({ role }) => role === 'not-understood') && !JSON.stringify(object).includes('null');
  });
  expect(unsaid.map(({ text }) => text)).toEqual([]);
});
