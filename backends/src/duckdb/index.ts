export type { FlowDatabase } from './flows-ingest.ts';
export { openFlowStore } from './flows-store.ts';
export type { FlowStoreOptions } from './flows-store.ts';
