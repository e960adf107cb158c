import type { Window } from '@bartizan/api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database, Row, Statement } from './database.ts';
import { dayMs, rollups } from './transactions-rollups.ts';
import type { Rollup } from './transactions-rollups.ts';

/** Where the figures of a window come from: counts of whole days, and rows of the rest. */
export interface Pieces {
  readonly rollup: Rollup | null;
  readonly counted: readonly Window[];
  readonly rows: readonly Window[];
}

interface CountsAsked {
  readonly window: Window;
  /** All that the question looks at. */
  readonly columns: readonly string[];
  /** Figures are wanted for each of them. */
  readonly intervalMs?: number;
  /** What comes before one of these times is told apart from what comes after. */
  readonly cutsMs?: readonly number[];
}

/** The roll-up that can answer it, where the window has a whole day. */
export function rollupFor({ window, columns, intervalMs = dayMs }: CountsAsked): Rollup | null {
  if (window.toMs - window.fromMs < dayMs) return null;
  const fits = ({ unitMs, columns: own }: Rollup): boolean =>
    intervalMs % unitMs === 0 && columns.every((column) => own.includes(column));
  return rollups.find(fits) ?? null;
}

/** Asks of counted days what is counted of them and of the rest the rows, all as of one moment. */
export async function askCounts(
  database: Database,
  asked: CountsAsked,
  statementOf: (pieces: Pieces) => Statement,
): Promise<readonly Row[]> {
  const rollup = rollupFor(asked);
  if (rollup === null) {
    const { sql, values } = statementOf({ rollup, counted: [], rows: [asked.window] });
    return database.rows(sql, values);
  }
  return database.read(async (connection) => {
    const { sql, values } = statementOf(await findPieces(connection, rollup, asked));
    return (await connection.runAndReadAll(sql, [...values])).getRowObjects();
  });
}

/** The counted days as the connection's transaction sees them. */
export async function findPieces(
  connection: DuckDBConnection,
  rollup: Rollup,
  { window, cutsMs = [] }: CountsAsked,
): Promise<Pieces> {
  const { fromMs, toMs } = window;
  const found = await connection.runAndReadAll(
    'SELECT day_ms FROM transactions_counted WHERE day_ms >= $1 AND day_ms <= $2 ORDER BY day_ms',
    [BigInt(Math.ceil(fromMs)), BigInt(Math.ceil(toMs) - dayMs)],
  );
  const days = found.getRowObjects().map((row) => Number(row['day_ms']));
  return piecesOf(
    rollup,
    window,
    days.filter((day) => !cutsMs.some((cut) => cut > day && cut < day + dayMs)),
  );
}

/** Days are in order, and inside the window. */
function piecesOf(rollup: Rollup, { fromMs, toMs }: Window, days: readonly number[]): Pieces {
  const counted: Window[] = [];
  const rows: Window[] = [];
  let atMs = fromMs;
  for (const day of days) {
    const last = counted.at(-1);
    if (last?.toMs === day) counted[counted.length - 1] = { fromMs: last.fromMs, toMs: day + dayMs };
    else {
      if (atMs < day) rows.push({ fromMs: atMs, toMs: day });
      counted.push({ fromMs: day, toMs: day + dayMs });
    }
    atMs = day + dayMs;
  }
  if (atMs < toMs) rows.push({ fromMs: atMs, toMs });
  return { rollup, counted, rows };
}
