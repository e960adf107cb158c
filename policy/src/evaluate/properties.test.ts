import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Policy } from '../model/policy.ts';
import type { DecidedVerdict } from '../model/verdict.ts';
import type { Flow } from '../model/world.ts';
import { compile } from './engine.ts';
import type { Engine } from './engine.ts';
import { allFlows, endpoints, policiesOf, policyOf, spec, specs } from './random-policy.suite.ts';

const world = { endpoints };
const engineOf = (policies: readonly Policy[]): Engine => compile(policies, world);
const verdictsOf = (engine: Engine): string[] =>
  allFlows.map((flow) => {
    const { egress, ingress } = engine.verdict(flow);
    return `${egress}/${ingress}`;
  });

const runs = { numRuns: 60 };

test('the order of policies never matters', () => {
  fc.assert(
    fc.property(specs, (list) => {
      const policies = policiesOf(list);
      expect(verdictsOf(engineOf(policies.toReversed()))).toEqual(verdictsOf(engineOf(policies)));
    }),
    runs,
  );
});

test('the order of rules and of labels never matters', () => {
  const reverse = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reverse).toReversed();
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, each]) => [key, reverse(each)]),
    );
  };
  fc.assert(
    fc.property(spec, (rules) => {
      const [one, other] = [policyOf('p', 'a', rules), policyOf('p', 'a', reverse(rules) as object)];
      expect(verdictsOf(engineOf([other]))).toEqual(verdictsOf(engineOf([one])));
    }),
    runs,
  );
});

test('an added deny takes connections away and gives none, whatever else allows — EVAL-6', () => {
  fc.assert(
    fc.property(specs, spec, (list, added) => {
      const policies = policiesOf(list);
      const rules = { ...added, ingress: undefined, egress: undefined };
      fc.pre(rules.ingressDeny !== undefined || rules.egressDeny !== undefined);
      const before = engineOf(policies);
      const after = before.update({ policies: { put: [policyOf('deny', 'a', rules)] } });
      const isAllowed = (engine: Engine, flow: Flow): boolean => engine.verdict(flow).verdict === 'allowed';
      expect(allFlows.filter((flow) => isAllowed(after, flow) && !isAllowed(before, flow))).toEqual([]);
      const denied = allFlows.filter((flow) => after.decide(flow).decidedBy.some(({ effect }) => effect === 'deny'));
      expect(denied.filter((flow) => isAllowed(after, flow))).toEqual([]);
    }),
    runs,
  );
});

test('an added allow never takes a connection from subjects already under default deny — EVAL-4', () => {
  fc.assert(
    fc.property(specs, spec, (list, added) => {
      const { ingressDeny: _, egressDeny: __, ...rules } = added;
      fc.pre(rules.ingress !== undefined || rules.egress !== undefined);
      const deny = policyOf('default-deny', 'a', { endpointSelector: {}, ingress: [{}], egress: [{}] });
      const before = engineOf([...policiesOf(list), deny]);
      const after = before.update({ policies: { put: [policyOf('allow', 'a', rules)] } });
      const wasAllowed = allFlows.filter((flow) => before.verdict(flow).verdict === 'allowed');
      expect(wasAllowed.filter((flow) => after.verdict(flow).verdict !== 'allowed')).toEqual([]);
    }),
    runs,
  );
});

test('and only there: where nothing was denied by default, an added allow takes away what it does not name', () => {
  const engine = engineOf([]);
  const added = policyOf('p', 'a', { endpointSelector: {}, ingress: [{ fromEntities: ['host'] }] });
  const flow = { from: 'a/web', to: 'a/api', port: 80 };
  expect(engine.verdict(flow).verdict).toBe('allowed');
  expect(engine.update({ policies: { put: [added] } }).verdict(flow).verdict).toBe('denied');
});

test('an engine that grew by updates answers as one made anew, and the older ones stay as they were', () => {
  const change = fc.oneof(
    fc.record({ put: fc.constantFrom('x', 'y', 'z'), namespace: fc.constantFrom('a', 'b'), spec }),
    fc.record({ remove: fc.constantFrom('x', 'y', 'z'), namespace: fc.constantFrom('a', 'b') }),
    fc.record({ relabel: fc.constantFrom('a/web', 'b/db', 'new/pod'), app: fc.constantFrom('web', 'api', 'db') }),
  );
  fc.assert(
    fc.property(specs, fc.array(change, { minLength: 1, maxLength: 4 }), (list, changes) => {
      let engine = engineOf(policiesOf(list));
      const first = engine;
      const before = verdictsOf(first);
      const policies = new Map(policiesOf(list).map((policy) => [policy.ref, policy]));
      const ends = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
      for (const each of changes) {
        if ('put' in each) {
          const policy = policyOf(each.put, each.namespace, each.spec);
          policies.set(policy.ref, policy);
          engine = engine.update({ policies: { put: [policy] } });
        } else if ('remove' in each) {
          const ref = `CiliumNetworkPolicy/${each.namespace}/${each.remove}`;
          policies.delete(ref);
          engine = engine.update({ policies: { remove: [ref] } });
        } else {
          const [namespace = ''] = each.relabel.split('/');
          const endpoint = { id: each.relabel, namespace, labels: { app: each.app, fresh: 'yes' } };
          ends.set(endpoint.id, endpoint);
          engine = engine.update({ endpoints: { put: [endpoint] } });
        }
        verdictsOf(engine);
      }
      const anew = compile([...policies.values()], { endpoints: [...ends.values()] });
      expect(verdictsOf(engine)).toEqual(verdictsOf(anew));
      expect(verdictsOf(first)).toEqual(before);
    }),
    runs,
  );
});

test('a verdict, its reasons and its explanation agree', () => {
  fc.assert(
    fc.property(specs, (list) => {
      const engine = engineOf(policiesOf(list));
      for (const flow of allFlows) {
        const { egress, ingress, verdict } = engine.verdict(flow);
        const decided = engine.decide(flow);
        const explained = engine.explain(flow);
        expect([decided.egress, decided.ingress, decided.verdict]).toEqual([egress, ingress, verdict]);
        expect([explained.egress, explained.ingress, explained.verdict]).toEqual([egress, ingress, verdict]);
        expect(explained.decidedBy).toEqual(decided.decidedBy);
        expect((['egress', 'ingress'] as const).filter((direction) => !fits(decided, direction))).toEqual([]);
      }
    }),
    { numRuns: 25 },
  );
});

/** What allows is never mixed with what denies, nor a rule that denies with the want of one that allows. */
function fits(decided: DecidedVerdict, direction: 'egress' | 'ingress'): boolean {
  const own = decided.decidedBy.filter((each) => each.direction === direction);
  const effects = [...new Set(own.map(({ effect }) => effect))].join();
  const expected = { allowed: ['', 'allow'], denied: ['deny', 'default-deny'], none: [''], error: [''] };
  return expected[decided[direction]].includes(effects);
}

test('an end that is described where it is used is judged as the same end of the world', () => {
  fc.assert(
    fc.property(specs, (list) => {
      const engine = engineOf(policiesOf(list));
      const ends = new Map(endpoints.map(({ id, ...description }) => [id, description]));
      for (const flow of allFlows) {
        const from = ends.get(String(flow.from)) ?? {};
        const to = ends.get(String(flow.to)) ?? {};
        expect(engine.verdict({ ...flow, from, to })).toEqual(engine.verdict(flow));
      }
    }),
    { numRuns: 25 },
  );
});
