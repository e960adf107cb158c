export { ApiError, createClient } from './client.ts';
export type { Answered, CallInput, Client, Fetch } from './client.ts';
export { contract } from './contract.ts';
export type { Answer, Body, ContractTable, Params, Query, QueryInput } from './contract.ts';
export { Coverage, Gap } from './coverage.ts';
export { chooseInterval, intervals, parseDuration, printDuration } from './duration.ts';
export { Environment, EnvironmentList, Signal, SourceState, SourceStatus } from './environments.ts';
export { flowFields, transactionFields } from './filter-fields.ts';
export type { FlowField, TransactionField } from './filter-fields.ts';
export { parseFilter, printFilter } from './filter.ts';
export type { FilterField, FilterFields, FilterResult, FilterTerm, FilterTest } from './filter.ts';
export { FirstSeenKind, FlowFirstSeen } from './first-seen.ts';
export { FlowWhy, WhySide } from './flow-why.ts';
export type { FixStep } from './flow-why.ts';
export { FlowBreakdown, FlowDimension, FlowList, FlowStatistics } from './flows.ts';
export type { FlowTotals } from './flows.ts';
export { openApiDocument } from './openapi.ts';
export {
  CiliumVerdict,
  DeletedPolicy,
  DeletedPolicyList,
  Enforcement,
  Pending,
  PendingChange,
  PendingOutcome,
  Policy,
  PolicyDraft,
  PolicyEffect,
  PolicyKind,
  PolicyList,
  PolicyOwner,
  PolicyPreview,
  PolicyProblem,
  PolicyRevision,
  PolicyRevisionList,
  PolicyState,
  PolicyWords,
} from './policies.ts';
export { Pod, PodList } from './pods.ts';
export { ProblemDetails } from './problem-details.ts';
export { fillPath, routes } from './routes.ts';
export type { RouteName } from './routes.ts';
export {
  RankedValue,
  Transaction,
  TransactionList,
  WafBreakdown,
  WafDimension,
  WafStatistics,
  WafTuning,
} from './waf.ts';
export type { WafTotals } from './waf.ts';
export { previousWindow, readWindow } from './window.ts';
export type { Window, WindowResult } from './window.ts';
