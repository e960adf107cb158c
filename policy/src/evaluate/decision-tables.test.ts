import { expect, test } from 'vitest';
import { compile } from './engine.ts';
import { createDecisionTables } from './decision-tables.ts';
import { allFlows, endpoints, policyOf } from './random-policy.suite.ts';
import { createSide } from './side.ts';
import { sideSource } from './side-source.ts';

const policies = [
  policyOf('p', 'a', {
    endpointSelector: {},
    ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '80' }] }] }],
    egress: [{ toEntities: ['world'] }],
  }),
];
const engine = compile(policies, { endpoints });

test('tables that are full forget everything, and engines on them answer as before', () => {
  const tables = createDecisionTables(20);
  const offsets = { ingress: new Int32Array(0), egress: new Int32Array(0), generation: 0 };
  const sides = sideSource({ ...engine.state, tables, offsets });
  const ask = (from: string, to: string): boolean => {
    const [source, target] = [engine.state.slots.get(from), engine.state.slots.get(to)];
    const offset = target && sides.offsetOf(target.identity, 'ingress', source?.place ?? 0);
    if (typeof offset !== 'number') throw new Error('no side');
    return tables.allows(offset, tables.locate(offset, 80), source?.place ?? 0);
  };
  const answers = (): boolean[] =>
    ['a/web', 'a/api', 'a/db', 'b/web'].flatMap((to) => [ask('a/api', to), ask('b/db', to)]);
  const before = answers();
  expect(before).toEqual([true, false, true, false, true, false, true, true]);
  expect(answers()).toEqual(before);
  expect(tables.generation).toBeGreaterThan(0);
});

test('a side without rules is one row', () => {
  const [identity] = engine.state.universe.identities;
  if (!identity) throw new Error('no identity');
  const { universe } = engine.state;
  const side = createSide({ universe, subject: identity, rules: [], isDefaultDeny: false, exempt: undefined });
  const tables = createDecisionTables();
  const offset = tables.add(side, 'none');
  expect(tables.allows(offset, tables.locate(offset, 0), 0)).toBe(true);
  expect(tables.deciders(offset, tables.locate(offset, 0), 0, true)).toEqual([]);
});

test('thousands of ends that only flows describe leave the answers as they are', () => {
  const before = allFlows.map((flow) => engine.verdict(flow).verdict);
  const strangers = Array.from({ length: 3000 }, (_, index) => ({ namespace: 'a', labels: { stranger: `${index}` } }));
  const answers = new Set(strangers.map((from) => engine.verdict({ from, to: 'a/web', port: 80 }).verdict));
  expect([...answers]).toEqual(['denied']);
  expect(allFlows.map((flow) => engine.verdict(flow).verdict)).toEqual(before);
});
