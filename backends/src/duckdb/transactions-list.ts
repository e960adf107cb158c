import type { Window } from '@bartizan/api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TransactionQuery } from '../transaction-store.ts';
import type { Database, Row, Statement } from './database.ts';
import { findPieces, rollupFor } from './transactions-counted.ts';
import { columnsOf } from './transactions-filter.ts';
import { listStatement, unitsStatement } from './transactions-query.ts';
import type { ListAsked } from './transactions-query.ts';
import type { Rollup } from './transactions-rollups.ts';

/** The newest that the query is about. Of days that are counted only those are gone through that have some. */
export async function readList(database: Database, query: TransactionQuery, asked: ListAsked): Promise<readonly Row[]> {
  const { fromMs, toMs } = query.window;
  const window = { fromMs, toMs: asked.after ? Math.min(toMs, asked.after.timeMs + 1) : toMs };
  const counts = { window, columns: columnsOf(query.filter) };
  const rollup = rollupFor(counts);
  return database.read(async (connection) => {
    const list = (windows: readonly Window[]): Promise<readonly Row[]> =>
      ask(connection, listStatement(query, windows, asked));
    const pieces = rollup && (await findPieces(connection, rollup, counts));
    const rows = pieces?.rows ?? [window];
    const last = rows.at(-1);
    if (last?.toMs === window.toMs && last.toMs - last.fromMs > shortMs) {
      const first = await list([{ ...last, fromMs: last.toMs - (last.toMs - last.fromMs) * firstLook }]);
      if (first.length === asked.limit) return first;
    }
    if (!rollup || !pieces) return list(rows);
    const found = await ask(connection, unitsStatement(query, rollup, pieces.counted));
    return list(newest({ rows, units: unitsOf(rollup, found), limit: asked.limit }));
  });
}

/** So much of a longer window without counts is looked into first: most lists ask for the newest of very many. */
const firstLook = 1 / 32;
const shortMs = 3_600_000;

async function ask(connection: DuckDBConnection, { sql, values }: Statement): Promise<readonly Row[]> {
  return (await connection.runAndReadAll(sql, [...values])).getRowObjects();
}

/** An hour or a day that has some. */
interface Unit extends Window {
  readonly count: number;
}

function unitsOf({ unitMs }: Rollup, found: readonly Row[]): Unit[] {
  return found.map((row) => {
    const fromMs = Number(row['time_ms']);
    return { fromMs, toMs: fromMs + unitMs, count: Number(row['count']) };
  });
}

/** More of them are not told apart. */
const mostWindows = 32;

/** Windows that the newest lie in. Units come newest first; in `rows` there may be any number. */
function newest(asked: { rows: readonly Window[]; units: readonly Unit[]; limit: number }): readonly Window[] {
  const taken: Window[] = [];
  let [count, sinceMs] = [0, -Infinity];
  for (const unit of asked.units) {
    taken.push(unit);
    count += unit.count;
    sinceMs = unit.fromMs;
    if (count >= asked.limit) break;
  }
  if (count < asked.limit) sinceMs = -Infinity;
  const rows = asked.rows
    .filter(({ toMs }) => toMs > sinceMs)
    .map(({ fromMs, toMs }) => ({ fromMs: Math.max(fromMs, sinceMs), toMs }));
  const windows = [...rows, ...taken];
  if (windows.length <= mostWindows) return windows;
  return [
    { fromMs: Math.min(...windows.map(({ fromMs }) => fromMs)), toMs: Math.max(...windows.map(({ toMs }) => toMs)) },
  ];
}
