import type { DuckDBConnection } from '@duckdb/node-api';
import { lineOf, linesOf, valuesOf } from './columns.ts';
import type { TimedFlow } from './flows-row.ts';

/** Tells what is stored already: a source that is followed anew sends once more what it sent before. */
export interface RecentIds {
  /** Those that are not stored, each once; they count as stored from now on. */
  fresh<T extends TimedFlow>(connection: DuckDBConnection, source: string, rows: readonly T[]): Promise<readonly T[]>;
  /** What was stored in a transaction that failed is not there. */
  forget(): void;
}

/** Events in the order of their arrival, by id, and the newest of each node. */
interface Generation {
  readonly ids: Map<string, bigint>;
  readonly newest: Map<string, bigint>;
}

interface Remembered {
  /** By node: no event since then is stored, but for those that are remembered. A node that is not in it has none at all. */
  readonly since: Map<string, bigint>;
  recent: Generation;
  older: Generation;
}

/** Remembers at least the most recent `most` ids. */
export function createRecentIds(most = 50_000): RecentIds {
  const sources = new Map<string, Remembered>();

  async function rememberedOf(connection: DuckDBConnection, source: string): Promise<Remembered> {
    const known = sources.get(source);
    if (known !== undefined) return known;
    const found = await connection.runAndReadAll(
      "SELECT coalesce(node, ''), max(nanos) FROM flows WHERE source = $1 GROUP BY ALL",
      [source],
    );
    const since = new Map(found.getRows().map(([node, newest]) => [String(node), BigInt(String(newest)) + 1n]));
    const remembered = { since, recent: newGeneration(), older: newGeneration() };
    sources.set(source, remembered);
    return remembered;
  }

  return {
    async fresh(connection, source, rows) {
      const remembered = await rememberedOf(connection, source);
      const asked: (typeof rows)[number][] = [];
      const once = rows.filter((row) => {
        const { at, flow } = row;
        const known = remembered.recent.ids.get(flow.id) ?? remembered.older.ids.get(flow.id);
        if (known === at) return false;
        const node = lineOf(flow.node ?? '');
        if (known !== undefined || at < (remembered.since.get(node) ?? at)) asked.push(row);
        remember(remembered, { id: flow.id, node, at });
        if (remembered.recent.ids.size >= most) forgetOlder(remembered);
        return true;
      });
      if (asked.length === 0) return once;
      const stored = await storedOf(connection, source, asked);
      return once.filter((row) => !stored.has(row));
    },
    forget: () => sources.clear(),
  };
}

function newGeneration(): Generation {
  return { ids: new Map(), newest: new Map() };
}

function remember(remembered: Remembered, { id, node, at }: { id: string; node: string; at: bigint }): void {
  const { ids, newest } = remembered.recent;
  ids.set(id, at);
  if (at > (newest.get(node) ?? 0n)) newest.set(node, at);
}

function forgetOlder(remembered: Remembered): void {
  for (const [name, last] of remembered.older.newest)
    if (last >= (remembered.since.get(name) ?? 0n)) remembered.since.set(name, last + 1n);
  remembered.older = remembered.recent;
  remembered.recent = newGeneration();
}

/** Those of the rows that the table has. */
async function storedOf<T extends TimedFlow>(
  connection: DuckDBConnection,
  source: string,
  rows: readonly T[],
): Promise<ReadonlySet<T>> {
  // Bounds as values, so that only the row groups of that time are looked at.
  const times = rows.map(({ at }) => at);
  const first = times.reduce((least, at) => (at < least ? at : least));
  const last = times.reduce((most, at) => (at > most ? at : most));
  const found = await connection.runAndReadAll(
    `SELECT place FROM (SELECT unnest(range(${rows.length})) AS place, ${valuesOf(1, 'BIGINT')} AS nanos, ${valuesOf(2, 'VARCHAR')} AS id)
     SEMI JOIN (SELECT nanos, id FROM flows WHERE nanos >= ${first} AND nanos <= ${last} AND source = $3) USING (nanos, id)`,
    [linesOf(times), linesOf(rows.map(({ flow }) => lineOf(flow.id))), source],
  );
  return new Set(found.getRows().flatMap(([place]) => rows[Number(place)] ?? []));
}
