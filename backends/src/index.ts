export type { Cluster, KubernetesObject, PolicyRef, WatchedKind, WatchState, WriteOptions } from './cluster.ts';
export { createFlowLosses } from './flow-losses.ts';
export type { FlowMetrics, FlowMetricsAnswer, FlowMetricsQuery } from './flow-metrics.ts';
export type { FlowSource, FlowSourceEvent, FlowSourceStatus } from './flow-source.ts';
export type {
  ConnectionRow,
  ConnectionSeen,
  ConnectionTable,
  CoverageOf,
  FirstSeen,
  FlowBatch,
  FlowBucket,
  FlowNote,
  FlowQuery,
  FlowReader,
  FlowWriter,
} from './flow-store.ts';
export { createNodeClocks } from './node-clocks.ts';
export type { Scope } from './scope.ts';
export { SourceError, stateOfFailure } from './source-error.ts';
export type { SourceErrorCode } from './source-error.ts';
export type { PendingChange, Revision, RevisionHead, StateStore } from './state-store.ts';
export type {
  Attribute,
  GapNote,
  LogFile,
  Page,
  Paged,
  RawRecord,
  RecordPlace,
  StoredTransaction,
  TransactionBatch,
  TransactionQuery,
  TransactionReader,
  TransactionWriter,
  UnjoinedQuery,
  UnjoinedRecord,
  WafBucket,
} from './transaction-store.ts';
