import type { WafTotals } from '@bartizan/api';
import { readOffset, wrongCursor } from '../page-cursor.ts';
import type { TransactionQuery, TransactionReader, TransactionWriter, WafBucket } from '../transaction-store.ts';
import type { Database, Row, Statement } from './database.ts';
import { askCounts } from './transactions-counted.ts';
import { columnsOf } from './transactions-filter.ts';
import { numberOf, placeOf, printCursor, readCursor, readId, readRow, rulesOf } from './transactions-decode.ts';
import { createDetails } from './transactions-details.ts';
import { readList } from './transactions-list.ts';
import { openTransactionIngest } from './transactions-ingest.ts';
import {
  breakdownStatement,
  bucketsStatement,
  columnOf,
  findStatement,
  ruleNamesStatement,
  totalsStatement,
} from './transactions-query.ts';
import type { Kept, Retention } from './transactions-retention.ts';
import { coverageOf, covers, bothSpan, sourcesOf } from './transactions-recorded.ts';

export interface TransactionStore extends TransactionReader, TransactionWriter {
  /** Deletes what is older or more than is kept; what is then missing is told as a gap. */
  prune(retention: Retention, nowMs: number): Promise<void>;
  /** Counts the days that are over, so that questions about them need not go through their rows. */
  count(nowMs: number): Promise<void>;
  kept(): Kept;
}

/** Transactions in DuckDB, from logs on disk. The database belongs to the caller, who closes it. */
export async function openTransactionStore(database: Database): Promise<TransactionStore> {
  const ingest = await openTransactionIngest(database);
  const ask = ({ sql, values }: Statement): Promise<readonly Row[]> => database.rows(sql, values);

  async function namesOf(rows: readonly Row[]): Promise<ReadonlyMap<string, string>> {
    const ids = [...new Set(rows.flatMap(rulesOf))];
    if (ids.length === 0) return new Map();
    const named = await ask(ruleNamesStatement(ids));
    return new Map(named.map((row) => [String(row['id']), String(row['message'])]));
  }

  const patternOf = (file: number): string | null => ingest.recorded().files.get(file)?.pattern ?? null;
  const details = createDetails({ database, namesOf, patternOf });

  function countsOf(query: TransactionQuery, row: Row): Omit<WafTotals, 'anomalousShare'> {
    const { window, scope } = query;
    const has = (kind: 'access' | 'audit'): boolean => covers(ingest.recorded(), { scope, kind, window });
    const total = numberOf(row, 'total');
    const counted = ['anomalous', 'blocked', 'detected', 'matched'].map((name) => numberOf(row, name));
    const isKnown = counted.some((count) => count > 0) || has('audit');
    const [anomalous, blocked, detected, matched] = counted.map((count) => (isKnown ? count : null));
    return {
      total: total > 0 || has('access') ? total : null,
      anomalous: anomalous ?? null,
      blocked: blocked ?? null,
      detected: detected ?? null,
      matched: matched ?? null,
    };
  }

  return {
    kind: 'files',
    supports: { join: true },
    files: ingest.files,
    newFileId: ingest.newFileId,
    openGaps: ingest.openGaps,
    storedPlaces: ingest.storedPlaces,
    append: ingest.append,
    unjoined: ingest.unjoined,
    clientsOfUnjoinedRecords: ingest.clientsOfUnjoinedRecords,
    reattribute: ingest.reattribute,
    prune: ingest.prune,
    count: ingest.count,
    kept: ingest.kept,
    async statistics(query) {
      const recorded = ingest.recorded();
      const both = sourcesOf(recorded, query.scope).flatMap((source) => bothSpan(recorded, source) ?? []);
      const cutsMs = both.flatMap(({ fromMs, toMs }) => [fromMs, toMs + 1]);
      const asked = { window: query.window, columns: columnsOf(query.filter), cutsMs };
      const [row = {}] = await askCounts(database, asked, (pieces) => totalsStatement(query, pieces, both));
      const total = numberOf(row, 'both_total');
      // A record without an access line has no part in the total: the share never exceeds the whole.
      const share = total === 0 ? null : Math.min(1, numberOf(row, 'both_anomalous') / total);
      return { ...countsOf(query, row), anomalousShare: share };
    },
    async buckets(query, intervalMs) {
      const asked = { window: query.window, columns: columnsOf(query.filter), intervalMs };
      const rows = await askCounts(database, asked, (pieces) => bucketsStatement(query, pieces, intervalMs));
      const byStart = new Map(rows.map((row) => [numberOf(row, 'bucket') * intervalMs, row]));
      const { fromMs, toMs } = query.window;
      const buckets: WafBucket[] = [];
      for (let startMs = Math.floor(fromMs / intervalMs) * intervalMs; startMs < toMs; startMs += intervalMs) {
        const window = { fromMs: Math.max(startMs, fromMs), toMs: Math.min(startMs + intervalMs, toMs) };
        const { total, anomalous, blocked } = countsOf({ ...query, window }, byStart.get(startMs) ?? {});
        buckets.push({ startMs, total, anomalous, blocked });
      }
      return buckets;
    },
    async breakdown(query, by, page) {
      const offset = readOffset(page.cursor, 'transactions');
      const asked = { window: query.window, columns: [columnOf(by), ...columnsOf(query.filter)] };
      const ranking = { by, limit: page.limit + 1, offset };
      const rows = await askCounts(database, asked, (pieces) => breakdownStatement(query, pieces, ranking));
      const items = rows.slice(0, page.limit).map((row) => ({
        value: String(row['value'] ?? ''),
        count: numberOf(row, 'count'),
        anomalous: numberOf(row, 'anomalous'),
        ...(row['message'] ? { label: String(row['message']) } : {}),
      }));
      return rows.length > page.limit ? { items, nextCursor: `${offset + page.limit}` } : { items };
    },
    async list(query, page) {
      const after = page.cursor === undefined ? null : readCursor(page.cursor);
      if (page.cursor !== undefined && after === null) throw wrongCursor('transactions');
      const rows = await readList(database, query, { limit: page.limit + 1, after });
      const shown = rows.slice(0, page.limit);
      const names = await namesOf(shown);
      const items = shown.map((row) => readRow(row, names));
      const last = shown.at(-1);
      return rows.length > page.limit && last ? { items, nextCursor: printCursor(placeOf(last)) } : { items };
    },
    async find(id) {
      const place = readId(id);
      const [found] = place ? await ask(findStatement(place)) : [];
      const [detail = null] = found ? await details.read([found]) : [];
      return detail;
    },
    details: details.all,
    coverage: async (window, scope) => coverageOf(ingest.recorded(), { window, scope }),
    close: async () => undefined,
  };
}
