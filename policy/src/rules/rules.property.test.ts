import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyStyle, writeStyled } from '../edit/styled-yaml.suite.ts';
import { applyRules, readRules, sameRules } from './apply-rules.ts';
import { anyPolicyRules, policyRules } from './arbitrary-rules.suite.ts';
import type { PolicyRules } from './model.ts';
import { parseRules } from './parse-rules.ts';
import { manifestOf, printRules } from './print-rules.ts';
import { groupBySection } from './sections.ts';

function sorted(rules: PolicyRules): PolicyRules {
  const order = ['ingress/allow', 'ingress/deny', 'egress/allow', 'egress/deny'];
  const rank = (rule: PolicyRules['rules'][number]): number => order.indexOf(`${rule.direction}/${rule.action}`);
  return { ...rules, rules: groupBySection(rules.rules).toSorted((a, b) => rank(a) - rank(b)) };
}

/** U+2028 ends a line for YAML 1.1, so it must not stand in a text as it is. */
function json(rules: PolicyRules, indent = 0): string {
  return JSON.stringify(manifestOf(rules), null, indent).replaceAll('\u2028', '\\u2028');
}

test('every model is accepted when it comes back from outside — RULE-20', () => {
  fc.assert(
    fc.property(anyPolicyRules, (rules) => {
      expect(parseRules(JSON.parse(JSON.stringify(rules)))).toEqual({ ok: true, value: rules });
    }),
  );
});

test('model to manifest to model is the identity — RULE-2', () => {
  fc.assert(
    fc.property(anyPolicyRules, (rules) => {
      expect(readRules(printRules(rules))).toEqual({ ok: true, rules });
    }),
    { numRuns: 100 },
  );
});

test('model to JSON manifest to model is the identity', () => {
  fc.assert(
    fc.property(anyPolicyRules, (rules) => {
      expect(readRules(json(rules))).toEqual({ ok: true, rules });
    }),
  );
});

test('writing back what a manifest says changes no byte — RULE-2', () => {
  fc.assert(
    fc.property(anyPolicyRules, fc.boolean(), (rules, isJson) => {
      const text = isJson ? json(rules, 2) : printRules(rules);
      expect(applyRules(text, rules)).toEqual({ ok: true, value: text });
    }),
  );
});

const kinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const;

test('a manifest can be made to say any other model of its kind, and back — RULE-3', () => {
  const pair = fc.constantFrom(...kinds).chain((kind) => fc.tuple(policyRules(kind), policyRules(kind), fc.boolean()));
  fc.assert(
    fc.property(pair, ([before, after, isJson]) => {
      const text = isJson ? json(before) : printRules(before);
      const changed = applyRules(text, after);
      expect(changed.ok).toBe(true);
      const written = readRules(changed.ok ? changed.value : '');
      expect(written.ok && sorted(written.rules)).toEqual(sorted(after));
      const back = applyRules(changed.ok ? changed.value : '', before);
      const restored = readRules(back.ok ? back.value : '');
      expect(restored.ok && sorted(restored.rules)).toEqual(sorted(before));
    }),
    { numRuns: 100 },
  );
});

test('the same in any style of writing', () => {
  const pair = fc.constantFrom(...kinds).chain((kind) => fc.tuple(policyRules(kind), policyRules(kind), anyStyle));
  fc.assert(
    fc.property(pair, ([before, after, style]) => {
      const text = writeStyled(manifestOf(before), style).replaceAll('\u2028', '\\u2028');
      const shown = readRules(text);
      fc.pre(shown.ok && sameRules(shown.rules, before));
      const changed = applyRules(text, after);
      expect(changed).toMatchObject({ ok: true });
      const written = readRules(changed.ok ? changed.value : '');
      expect(written.ok && sorted(written.rules)).toEqual(sorted(after));
    }),
    { numRuns: 200 },
  );
});

test('a rule that stays keeps its line and its comment, whatever happens to the others', () => {
  const input = policyRules('CiliumNetworkPolicy').chain((rules) =>
    fc.tuple(fc.constant(rules), fc.nat(20), policyRules('CiliumNetworkPolicy')),
  );
  fc.assert(
    fc.property(input, ([rules, at, other]) => {
      const rule = rules.rules[at % Math.max(rules.rules.length, 1)];
      fc.pre(rule !== undefined && other.rules.every((each) => JSON.stringify(each) !== JSON.stringify(rule)));
      const only = printRules({ ...rules, enabled: true, rules: [rule] });
      const marked = only.replace(/^(\s*)- (?=[^\n]*\n?)/m, '$1# why\n$1- ');
      fc.pre(marked !== only && readRules(marked).ok);
      const kept = marked.slice(marked.indexOf('# why'), marked.length).trimEnd();
      fc.pre(/\n {2}(?:ingress|egress)(?:Deny)?:\n {2}# why\n/.test(marked));
      const changed = applyRules(marked, { ...rules, enabled: true, rules: groupBySection([...other.rules, rule]) });
      expect(changed.ok && changed.value).toContain(kept);
    }),
  );
});
