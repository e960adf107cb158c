import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../evaluate/engine.ts';
import { connectivity } from './connectivity.ts';
import { covers, overlaps } from './covers.suite.ts';
import { changeKinds, diff } from './diff.ts';
import type { ChangedPair, PolicyDiff } from './diff.ts';
import { cnp, lowered, policySet, world } from './random-policies.suite.ts';

function allPairs(result: PolicyDiff): ChangedPair[] {
  return changeKinds.flatMap((kind) => [...result.pairs(kind)]);
}

describe('random worlds', () => {
  const asked = [1, 53, 79, 80, 81, 82, 83, 90, 92, 443, 445, 8080, 8082, 65_535];
  const addresses = ['9.9.9.9', '10.0.0.1', '10.1.2.3', '192.0.2.7', '192.0.2.8', '255.255.255.255'];

  test.each(['cilium', 'kubernetes'] as const)(
    'connectivity is what the engine answers, asked one by one, as %s — CONN-1',
    (as) => {
      fc.assert(
        fc.property(policySet, (objects) => {
          const policies = lowered(objects, as);
          const engine = compile(
            policies,
            { endpoints: world.workloads.flatMap(({ endpoints }) => endpoints) },
            { as },
          );
          const items = [...connectivity({ policies, inventory: world, options: { as } }).items()];
          const ends = [...world.workloads.map(({ name }) => name), ...addresses];
          const wrong: object[] = [];
          for (const from of ends) {
            for (const to of ends) {
              if (from === to || !(from + to).includes('/')) continue;
              for (const protocol of ['TCP', 'UDP']) {
                for (const port of asked) {
                  const flow = { from: endpoint(from), to: endpoint(to), protocol, port };
                  const isListed = items.some((item) => covers(item, { from, to, protocol, port }));
                  if (isListed !== (engine.verdict(flow).verdict === 'allowed')) wrong.push(flow);
                }
              }
            }
          }
          expect(wrong).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
  );

  test('a diff is the difference of two connectivities', () => {
    fc.assert(
      fc.property(policySet, policySet, (old, next) => {
        const [before, after] = [old, next].map((objects) => ({ policies: lowered(objects), inventory: world }));
        if (before === undefined || after === undefined) return;
        const result = diff(before, after);
        const pairs = allPairs(result);
        for (const [input, name] of [
          [before, 'before'],
          [after, 'after'],
        ] as const) {
          for (const item of connectivity(input).items()) {
            const touching = pairs.filter((pair) => overlaps(pair.from, item.from) && overlaps(pair.to, item.to));
            for (const pair of touching) expect(pair[name]).toEqual(item.connections);
          }
        }
        for (const pair of pairs) expect(pair.before).not.toEqual(pair.after);
      }),
      { numRuns: 40 },
    );
  });

  const closed = ['n1', 'n2'].map((namespace) =>
    cnp('closed', namespace, { endpointSelector: {}, ingress: [{}], egress: [{}] }),
  );
  const single = policySet.filter((list) => list.length > 0).map(([first]) => first ?? {});

  test('where everybody is in default deny, an allow takes nothing away and a deny gives nothing', () => {
    fc.assert(
      fc.property(policySet, single, (objects, extra) => {
        const isDeny = /(ingress|egress)Deny/.test(JSON.stringify(extra));
        const others = objects.filter(
          (each) => JSON.stringify(each) !== JSON.stringify(extra) && nameOf(each) !== nameOf(extra),
        );
        const before = { policies: lowered([...closed, ...others]), inventory: world };
        const after = { policies: lowered([...closed, ...others, extra]), inventory: world };
        const result = diff(before, after);
        const wrong = allPairs(result).filter((pair) => {
          const [less, more] = isDeny ? [pair.after, pair.before] : [pair.before, pair.after];
          return !isWithin(less, more);
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  test('the order of policies says nothing', () => {
    fc.assert(
      fc.property(policySet, (objects) => {
        const policies = lowered(objects);
        const [forth, back] = [policies, policies.toReversed()].map((each) => [
          ...connectivity({ policies: each, inventory: world }).items(),
        ]);
        expect(back).toEqual(forth);
      }),
    );
  });
});

function endpoint(end: string): string | { cidr: string } {
  return end.includes('/') ? end : { cidr: `${end}/32` };
}

function nameOf(object: object): string {
  return JSON.stringify('metadata' in object ? object.metadata : '');
}

function isWithin(less: ChangedPair['before'], more: ChangedPair['before']): boolean {
  return less.every(({ protocol, ports }) => {
    const wider = more.find((each) => each.protocol === protocol);
    return (
      wider !== undefined &&
      ports.every(([first, last]) => wider.ports.some(([from, to]) => from <= first && last <= to))
    );
  });
}
