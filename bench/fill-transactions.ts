// Transactions, 95 % of them clean, in a store of their own: as many as one likes in a minute or two.
import { createAccessReader, readAudit, summarise, utc } from '../waf/src/index.ts';
import { openDatabase, openTransactionStore } from '../backends/src/duckdb/index.ts';
import type { Database } from '../backends/src/duckdb/index.ts';
import type { LogFile, StoredTransaction } from '../backends/src/transaction-store.ts';
import { accessLine, auditRecord } from './waf-logs.ts';
import { attackNumber, trafficAt } from './waf-traffic.ts';

export interface Filling {
  readonly rows: number;
  readonly startMs: number;
  readonly endMs: number;
}

interface Batch {
  readonly transactions: readonly StoredTransaction[];
  readonly files: readonly LogFile[];
}

const batchSize = 20_000;

/** As the readers make them of real lines, evenly over the window; the same each time. */
export function* transactionBatches({ rows, startMs, endMs }: Filling): Generator<Batch> {
  const reader = createAccessReader();
  const step = (endMs - startMs) / rows;
  let [accessAt, auditAt] = [0, 0];
  for (let index = 0; index < rows;) {
    const transactions: StoredTransaction[] = [];
    for (; transactions.length < batchSize && index < rows; index += 1) {
      const request = trafficAt(index, Math.floor(startMs + index * step));
      const line = accessLine(request, index);
      const record = request.isAttack ? auditRecord(request, attackNumber(index)) : null;
      const access = reader.read(line);
      const audit = record === null ? null : readAudit(record, { zone: utc });
      const summary = summarise(audit?.ok === true ? audit.value : null, access.ok === true ? access.value : null);
      if (!summary) throw new Error('a line that cannot be read');
      transactions.push({
        source: 'edge',
        summary,
        namespace: index % 3 === 0 ? 'shop' : 'blog',
        access: { file: 1, offset: accessAt, bytes: Buffer.from(line) },
        audit: record === null ? null : { file: 2, offset: auditAt, bytes: Buffer.from(record) },
      });
      accessAt += line.length;
      auditAt += record?.length ?? 0;
    }
    yield { transactions, files: filesOf({ startMs, endMs, accessAt, auditAt }) };
  }
}

function filesOf(asked: { startMs: number; endMs: number; accessAt: number; auditAt: number }): LogFile[] {
  const { startMs, endMs, accessAt, auditAt } = asked;
  const known = { source: 'edge', path: 'x', device: '', inode: '', fingerprintLength: 1, pattern: null, malformed: 0 };
  const times = { firstMs: startMs, lastMs: endMs, caughtUpMs: endMs };
  return [
    { ...known, ...times, id: 1, kind: 'access', fingerprint: 'a', offset: accessAt },
    { ...known, ...times, id: 2, kind: 'audit', fingerprint: 'b', offset: auditAt },
  ];
}

/** Fills the file with `rows` transactions. */
export async function fillTransactions({ file, ...filling }: Filling & { readonly file: string }): Promise<void> {
  const database = await openDatabase({ file });
  const store = await openTransactionStore(database);
  for (const batch of transactionBatches(filling)) await store.append({ ...batch, gaps: [] });
  await database.close();
}

/**
 * Adds copies of what `filling` made, each as much later as that took, until there are `copies` of it with the first. Of each
 * copy a third of the clients and a quarter of the paths are its own; its raw records are those of the first.
 */
export async function addCopies(
  database: Database,
  { startMs, endMs }: Filling,
  { from, copies }: { readonly from: number; readonly copies: number },
): Promise<void> {
  const spanMs = endMs - startMs;
  await database.rows('SET preserve_insertion_order = true', []);
  for (let copy = from; copy < copies; copy += 1)
    await database.write((connection) =>
      connection.run(`INSERT INTO transactions SELECT * REPLACE (
        time_ms + ${copy * spanMs} AS time_ms, file + ${copy * 2} AS file, audit_file + ${copy * 2} AS audit_file,
        CASE WHEN hash(client) % 3 = 0 THEN concat('198.', ${copy}, substr(client, 4)) ELSE client END AS client,
        CASE WHEN hash(path) % 4 = 0 THEN concat(path, '/', ${copy}) ELSE path END AS path
      ) FROM transactions WHERE time_ms < ${endMs}`),
    );
  await database.rows('SET preserve_insertion_order = false', []);
  const lastMs = startMs + copies * spanMs;
  await database.write((connection) =>
    connection.run(`UPDATE log_files SET last_ms = ${lastMs}, caught_up_ms = ${lastMs}`),
  );
}
