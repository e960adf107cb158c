import { describe, expect, test } from 'vitest';
import { readInventory } from '../connectivity/workloads.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import { readManifests } from '../source/read-manifests.ts';
import { isPolicy } from '../validate/kinds.ts';
import { validate } from '../validate/validate.ts';
import { readCases, readRuleNumbers } from './cases.suite.ts';
import type { EvaluationCase } from './cases.suite.ts';
import { compile } from './engine.ts';
import type { Engine } from './engine.ts';

const cases = readCases();

function engineOf({ manifests, endpoints, options }: EvaluationCase): Engine {
  const { manifests: objects, problems } = readManifests(manifests);
  expect(problems).toEqual([]);
  const { services, cidrGroups } = readInventory(objects.map(({ object }) => object));
  const accepted = objects.filter(
    (each) => isPolicy(each) && validate(each).every(({ severity }) => severity === 'warning'),
  );
  const policies = accepted.flatMap(({ object }) => {
    const lowered = lowerPolicy(object, { as: options.as });
    return lowered.ok ? [lowered.value] : [];
  });
  return compile(policies, { endpoints, services, cidrGroups }, options);
}

const shortKinds: Readonly<Record<string, string>> = {
  CiliumNetworkPolicy: 'cnp',
  CiliumClusterwideNetworkPolicy: 'ccnp',
  NetworkPolicy: 'knp',
};

describe.each([...new Set(cases.map(({ file }) => file))])('%s', (file) => {
  test.each(cases.filter((each) => each.file === file))('$rule: $says', (each) => {
    const engine = engineOf(each);
    for (const { text, flow, verdict, because } of each.questions) {
      const decided = engine.decide(flow);
      expect(`${text}: ${decided.egress}/${decided.ingress}`).toBe(`${text}: ${verdict}`);
      expect(engine.verdict(flow).verdict).toBe(decided.verdict);
      if (because === undefined) continue;
      const reasons = decided.decidedBy.map(({ policy, rule, effect }) => {
        const [kind = '', ...names] = policy.split('/');
        return `${shortKinds[kind]}/${names.at(-1)} ${rule} ${effect}`;
      });
      expect(reasons.toSorted()).toEqual(because.toSorted());
    }
  });
});

test('every rule of the specification has a case, and every case a rule', () => {
  const proven = new Set(cases.map(({ rule }) => rule));
  expect([...proven].toSorted()).toEqual(readRuleNumbers().toSorted());
});
