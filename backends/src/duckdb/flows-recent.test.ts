import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import { event } from '../flow-store.suite.ts';
import { openDatabase } from './database.ts';
import { createFlowEnds } from './flows-ends.ts';
import { insertFlows } from './flows-insert.ts';
import { createRecentIds } from './flows-recent.ts';
import { createTables, createTimes } from './flows-row.ts';
import { openFlowStore } from './flows-store.ts';

const startMs = Date.parse('2026-06-15T12:00:00Z');
const window = { fromMs: startMs - 3_600_000, toMs: startMs + 3_600_000 };
const query = { window, scope: { kind: 'all' }, filter: [] } as const;

function at(number: number, node: string): FlowRecord {
  return { ...event({ id: `${node}-${number}`, time: new Date(startMs + number).toISOString() }), node };
}

function series(node: string, count: number): readonly FlowRecord[] {
  return Array.from({ length: count }, (_, number) => at(number, node));
}

test('what comes a second time is known however many came between, after a restart, and where one clock is ahead', async () => {
  const database = await openDatabase({ file: ':memory:' });
  await database.write((connection) => connection.run(createTables));
  const timed = createTimes();
  let recent = createRecentIds(100);
  const put = (flows: readonly FlowRecord[]): Promise<number> =>
    database.write(async (connection) => {
      const fresh = await recent.fresh(
        connection,
        'prod',
        flows.map((flow) => timed(flow, 0)),
      );
      const ends = createFlowEnds();
      const rows = fresh.map((row) => ({
        ...row,
        arrival: 1n,
        source: ends.refOf(row.flow.source),
        destination: ends.refOf(row.flow.destination),
      }));
      await ends.number(connection);
      await insertFlows(connection, 'prod', rows);
      return rows.length;
    });
  const ahead = at(1_800_000, 'ahead');
  const many = series('many', 1000);
  for (let from = 0; from < 1000; from += 50) expect(await put(many.slice(from, from + 50))).toBe(50);
  expect(await put([ahead, ahead, ...many.slice(0, 50), ...many.slice(-50)])).toBe(1);
  expect(await put([...series('late', 10), ...many.slice(500, 550), ahead])).toBe(10);
  recent = createRecentIds(100);
  expect(await put([...series('late', 20), ...many.slice(-10), ahead, at(1000, 'many')])).toBe(11);
  await database.close();
});

test('what could not be stored is not known when it comes again', async () => {
  const database = await openDatabase({ file: ':memory:' });
  let isBroken = false;
  const faulty: typeof database = {
    ...database,
    write: (work) =>
      database.write(async (connection) => {
        const result = await work(connection);
        if (isBroken) throw new Error('disk full');
        return result;
      }),
  };
  const store = await openFlowStore(faulty, { clock: () => new Date(startMs + 600_000) });
  const batch = { source: 'prod', flows: series('a', 10), gaps: [] };
  isBroken = true;
  await expect(store.append(batch)).rejects.toThrow('disk full');
  isBroken = false;
  await store.append(batch);
  await store.append(batch);
  expect((await store.statistics(query)).total).toBe(10);
  expect((await store.list(query, { limit: 20 })).items).toHaveLength(10);
  await database.close();
});
