export { openDatabase } from './database.ts';
export type { Database, DatabaseOptions } from './database.ts';
export type { FlowDatabase } from './flows-ingest.ts';
export { openFlowStore } from './flows-store.ts';
export type { FlowStoreOptions } from './flows-store.ts';
export type { Kept, Retention } from './transactions-retention.ts';
export { openTransactionStore } from './transactions-store.ts';
export type { TransactionStore } from './transactions-store.ts';
