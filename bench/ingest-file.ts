import { openDatabase, openTransactionStore } from '@bartizan/backends/duckdb';
import { tailWafLogsInThread } from '@bartizan/backends/files';

interface Ingest {
  readonly auditLog: string;
  /** Made for it. */
  readonly databaseFile: string;
  /** So many must be stored. */
  readonly records: number;
}

/** Reads an audit log into a store as the console does, and measures from the start of the thread that reads until all is stored. */
export async function measureIngest<T>({ auditLog, databaseFile, records }: Ingest, start: () => () => T): Promise<T> {
  const database = await openDatabase({ file: databaseFile });
  const store = await openTransactionStore(database);
  const measured = start();
  const tail = tailWafLogsInThread({
    source: 'edge',
    auditFiles: [auditLog],
    accessFiles: [],
    store,
    attribute: () => 'shop',
    clock: () => new Date(),
    signal: new AbortController().signal,
  });
  await tail.caughtUp;
  const took = measured();
  const { stored } = tail.status();
  await tail.close();
  await database.close();
  if (stored !== records) throw new Error(`${stored} of ${records} records are stored`);
  return took;
}
