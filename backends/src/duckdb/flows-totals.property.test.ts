import type { FilterTerm } from '@bartizan/api';
import { FlowVerdict } from '@bartizan/flow';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { end, event, pod } from '../flow-store.suite.ts';
import type { FlowQuery } from '../flow-store.ts';
import { openDatabase } from './database.ts';
import { openFlowStore } from './flows-store.ts';

const fromMs = Date.parse('2026-06-15T09:00:00Z');
const hourMs = 3_600_000;

const someEnd = fc.oneof(
  fc.constantFrom('shop', 'pay', 'edge').map((namespace) => pod(namespace, 'web', 8080)),
  fc.constant({ ...pod('shop', 'web', 8080), isRemote: true, cluster: 'west' } as FlowEndpoint),
  fc.constantFrom('host', 'world', 'unknown').map((entity) => end({ entity, ip: '192.0.2.7' })),
);
const someEvent = fc.record({
  source: someEnd,
  destination: someEnd,
  verdict: fc.constantFrom(...FlowVerdict.options),
  direction: fc.constantFrom('ingress', 'egress', 'unknown'),
  isReply: fc.constantFrom(true, false, null),
  atMs: fc.integer({ min: 0, max: 4 * hourMs - 1 }),
});

const term = (field: string, negated: boolean, ...values: string[]): FilterTerm => ({
  field,
  negated,
  test: { kind: 'any-of', values },
});
const someFilter = fc.constantFrom<readonly FilterTerm[]>(
  [],
  [term('verdict', false, 'DROPPED')],
  [term('verdict', true, 'DROPPED', 'AUDIT')],
  [term('place', false, 'ingress')],
  [term('place', false, 'egress', 'internal')],
  [term('place', true, 'internal')],
  [term('direction', false, 'ingress'), term('namespace', true, 'pay')],
);
const someQuery = fc.record({
  filter: someFilter,
  namespaces: fc.constantFrom<readonly string[] | null>(['shop'], ['shop', 'pay'], ['nowhere'], null),
  hours: fc.constantFrom<readonly number[]>([0, 4], [1, 3], [0.5, 2.25]),
});

type Given = typeof someEvent extends fc.Arbitrary<infer T> ? T : never;
type AskedQuery = typeof someQuery extends fc.Arbitrary<infer T> ? T : never;

function queryOf({ filter, namespaces, hours: [from = 0, to = 0] }: AskedQuery): FlowQuery {
  const window = { fromMs: fromMs + from * hourMs, toMs: fromMs + to * hourMs };
  if (namespaces === null) return { window, filter, scope: { kind: 'all' } };
  return { window, filter, scope: { kind: 'namespaces', sources: ['prod'], namespaces, hosts: [] } };
}

test('in any history and for any question what goes in and what comes out, less what is both, is the total', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(someEvent, { maxLength: 60 }),
      fc.array(someQuery, { minLength: 3, maxLength: 3 }),
      check,
    ),
    { numRuns: 4 },
  );
});

async function check(given: readonly Given[], asked: readonly AskedQuery[]) {
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock: () => new Date(fromMs + 4 * hourMs) });
  const flows = given.map(({ atMs, ...fields }, place): FlowRecord =>
    event({ id: `e${place}`, time: new Date(fromMs + atMs).toISOString(), ...fields }),
  );
  await store.append({ source: 'prod', flows, gaps: [] });
  for (const query of asked.map(queryOf)) {
    const { total, dropped, droppedShare, ingress, egress, internal, byVerdict } = await store.statistics(query);
    const isKnown = total !== null && dropped !== null && ingress !== null && egress !== null && internal !== null;
    // Nothing is known of a time before the first event.
    expect(isKnown || given.every(({ atMs }) => fromMs + atMs >= query.window.toMs)).toBe(true);
    if (!isKnown) continue;
    expect(total).toBe(ingress.total + egress.total - internal.total);
    expect(dropped).toBe(ingress.dropped + egress.dropped - internal.dropped);
    expect(Object.values(byVerdict).reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(byVerdict['DROPPED'] ?? 0).toBe(dropped);
    expect(droppedShare).toBe(total === 0 ? null : dropped / total);
    expect((await store.list(query, { limit: 100 })).items).toHaveLength(total);
    for (const [place, counts] of Object.entries({ ingress, egress, internal })) {
      const within = { ...query, filter: [...query.filter, term('place', false, place)] };
      expect(await store.statistics(within)).toMatchObject({ total: counts.total, dropped: counts.dropped });
    }
    const ranked = (await store.breakdown(query, 'verdict', { limit: 20 })).items;
    expect(ranked.reduce((sum, { count }) => sum + count, 0)).toBe(total);
  }
  await database.close();
}
