import type { Window } from '@bartizan/api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database, Row, Statement } from './database.ts';
import { dayMs, rollups } from './transactions-rollups.ts';
import type { Rollup } from './transactions-rollups.ts';

/** Where the figures of a window come from: counts of whole hours or days, and rows of the rest. */
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

/** The roll-up that can answer it, where the window may have a whole hour or day. */
export function rollupFor({ window, columns, intervalMs = dayMs }: CountsAsked): Rollup | null {
  const fits = ({ unitMs, columns: own }: Rollup): boolean =>
    unitMs <= window.toMs - window.fromMs &&
    intervalMs % unitMs === 0 &&
    columns.every((column) => own.includes(column));
  return rollups.find(fits) ?? null;
}

/** Asks what is counted of counted days, and of the rest the rows, all as of one moment. */
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

/** As the connection's transaction sees them. */
export async function findPieces(
  connection: DuckDBConnection,
  rollup: Rollup,
  { window, cutsMs = [] }: CountsAsked,
): Promise<Pieces> {
  const { fromMs, toMs } = window;
  const found = await connection.runAndReadAll(
    'SELECT day_ms FROM transactions_counted WHERE day_ms > $1 AND day_ms < $2 ORDER BY day_ms',
    [BigInt(Math.floor(fromMs) - dayMs), BigInt(Math.ceil(toMs))],
  );
  const days = found.getRowObjects().map((row) => Number(row['day_ms']));
  const edges = [fromMs, ...cutsMs.filter((cut) => cut > fromMs && cut < toMs).toSorted((a, b) => a - b), toMs];
  const counted = countedSpans(rollup, edges, days);
  return { rollup, counted, rows: between(window, counted) };
}

/** Whole hours or days of counted days between one edge and the next. */
function countedSpans({ unitMs }: Rollup, edges: readonly number[], days: readonly number[]): readonly Window[] {
  const spans: Window[] = [];
  for (const [index, edge] of edges.slice(0, -1).entries()) {
    const first = Math.ceil(edge / unitMs) * unitMs;
    const end = Math.floor((edges[index + 1] ?? edge) / unitMs) * unitMs;
    for (const day of days) {
      const span = { fromMs: Math.max(day, first), toMs: Math.min(day + dayMs, end) };
      const last = spans.at(-1);
      if (span.fromMs >= span.toMs) continue;
      if (last?.toMs === span.fromMs) spans[spans.length - 1] = { fromMs: last.fromMs, toMs: span.toMs };
      else spans.push(span);
    }
  }
  return spans;
}

/** What of the window lies in none of the spans, which are in order. */
function between({ fromMs, toMs }: Window, spans: readonly Window[]): readonly Window[] {
  const starts = [fromMs, ...spans.map((span) => span.toMs)];
  const ends = [...spans.map((span) => span.fromMs), toMs];
  return starts.flatMap((start, index) => {
    const end = ends[index] ?? start;
    return start < end ? [{ fromMs: start, toMs: end }] : [];
  });
}
