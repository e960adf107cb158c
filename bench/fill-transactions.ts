// A million transactions over thirty days, 95 % of them clean, in a store of their own.
import { createAccessReader, readAudit, summarise, utc } from '../waf/src/index.ts';
import { openDatabase, openTransactionStore } from '../backends/src/duckdb/index.ts';
import type { StoredTransaction } from '../backends/src/transaction-store.ts';
import { accessLine, auditRecord } from './waf-logs.ts';
import { attackNumber, trafficAt } from './waf-traffic.ts';

/** Fills the file with `rows` transactions, evenly over the window. */
export async function fillTransactions(options: {
  readonly file: string;
  readonly rows: number;
  readonly startMs: number;
  readonly endMs: number;
}): Promise<void> {
  const { file, rows, startMs, endMs } = options;
  const database = await openDatabase({ file });
  const store = await openTransactionStore(database);
  const reader = createAccessReader();
  const step = (endMs - startMs) / rows;
  let [accessAt, auditAt] = [0, 0];
  for (let index = 0; index < rows;) {
    const transactions: StoredTransaction[] = [];
    for (; transactions.length < 20_000 && index < rows; index += 1) {
      const request = trafficAt(index, Math.floor(startMs + index * step));
      const line = accessLine(request, index);
      const record = request.isAttack ? auditRecord(request, attackNumber(index)) : null;
      const access = reader.read(line);
      const audit = record === null ? null : readAudit(record, { zone: utc });
      const summary = summarise(audit?.ok === true ? audit.value : null, access.ok ? access.value : null);
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
    const known = {
      source: 'edge',
      path: 'x',
      device: '',
      inode: '',
      fingerprintLength: 1,
      pattern: null,
      malformed: 0,
    };
    const times = { firstMs: startMs, lastMs: endMs, caughtUpMs: endMs };
    await store.append({
      transactions,
      files: [
        { ...known, ...times, id: 1, kind: 'access', fingerprint: 'a', offset: accessAt },
        { ...known, ...times, id: 2, kind: 'audit', fingerprint: 'b', offset: auditAt },
      ],
      gaps: [],
    });
  }
  await database.close();
}
