import { join } from 'node:path';
import { openDatabase, openTransactionStore } from '@bartizan/backends/duckdb';
import { tailWafLogsInThread } from '@bartizan/backends/files';

/** Follows the logs in a folder until it is killed: what `ingest-kill.test.ts` kills. */
const folder = process.argv[2] ?? '';
const database = await openDatabase({ file: join(folder, 'events.duckdb'), threads: 1 });
tailWafLogsInThread({
  source: 'edge',
  auditFiles: [join(folder, 'audit.log*')],
  accessFiles: [join(folder, 'access.log*')],
  store: await openTransactionStore(database),
  attribute: () => 'shop',
  clock: () => new Date(),
  signal: new AbortController().signal,
  pollMs: 20,
});
console.log('following');
