import { z } from 'zod';
import { EnvironmentList } from './environments.ts';
import { FlowFirstSeen } from './first-seen.ts';
import { FlowWhy } from './flow-why.ts';
import { FlowBreakdown, FlowDimension, FlowList, FlowStatistics } from './flows.ts';
import {
  DeletedPolicyList,
  Enforcement,
  PendingChange,
  PendingOutcome,
  Policy,
  PolicyDraft,
  PolicyKind,
  PolicyList,
  PolicyPreview,
  PolicyRevisionList,
} from './policies.ts';
import { PodList } from './pods.ts';
import type { RouteName } from './routes.ts';
import { Transaction, TransactionList, WafBreakdown, WafDimension, WafStatistics, WafTuning } from './waf.ts';

const WindowQuery = z.object({
  from: z.string().optional().describe('RFC 3339; counts'),
  to: z.string().optional().describe('RFC 3339; does not count'),
  range: z.string().optional().describe('instead of from and to: 30m, 24h (the default), 7d'),
});
const FilteredQuery = WindowQuery.extend({
  filter: z.string().optional().describe('terms such as verdict:DROPPED -port:53'),
});
const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().optional(),
});
const interval = z.string().optional().describe('5m, 1h, 1d; chosen from the window where absent');

const Env = z.object({ env: z.string().describe('id of an environment, or - for all') });
const PolicyParams = Env.extend({
  namespace: z.string().describe('- for a cluster-scoped policy'),
  kind: PolicyKind,
  name: z.string(),
});

const Timed = z.object({
  revertAfter: z.string().optional().describe('5m: the change goes back by itself then, unless it is confirmed'),
});
const PendingParams = Env.extend({ id: z.string() });

interface Contract {
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Of the answer; 200 unless given. */
  readonly status?: number;
}

/** What each route takes and answers. */
export const contract = {
  environments: { summary: 'Environments and the state of their sources', response: EnvironmentList },
  wafStatistics: {
    summary: 'Requests and the anomalous share, in total and over time',
    params: Env,
    query: FilteredQuery.extend({ interval }),
    response: WafStatistics,
  },
  wafBreakdown: {
    summary: 'Ranked values of one dimension',
    params: Env,
    query: FilteredQuery.extend({ ...PageQuery.shape, by: WafDimension }),
    response: WafBreakdown,
  },
  wafTuning: {
    summary:
      'Matches of judged transactions that are alike, the narrowest exclusion for each, and what stored transactions say it would do; nothing is called a false positive',
    params: Env,
    query: FilteredQuery.extend({
      limit: z.coerce.number().int().min(1).max(300).default(50),
      exclude: z
        .string()
        .optional()
        .describe('keys of groups, with commas between: their exclusions as text, and what they do together'),
    }),
    response: WafTuning,
  },
  transactions: {
    summary: 'Transactions, newest first',
    params: Env,
    query: FilteredQuery.extend(PageQuery.shape),
    response: TransactionList,
  },
  transaction: {
    summary: 'One transaction with its raw source',
    params: Env.extend({ id: z.string() }),
    response: Transaction,
  },
  flowStatistics: {
    summary: 'Flow events in and out, in total and per second',
    params: Env,
    query: FilteredQuery.extend({ interval }),
    response: FlowStatistics,
  },
  flowBreakdown: {
    summary: 'Ranked values of one dimension',
    params: Env,
    query: FilteredQuery.extend({ ...PageQuery.shape, by: FlowDimension }),
    response: FlowBreakdown,
  },
  flowFirstSeen: {
    summary:
      'Dropped pairs, pairs, outside names and ports that were not seen before the window, as far as the stored history reaches',
    params: Env,
    query: WindowQuery.extend({ limit: z.coerce.number().int().min(1).max(1000).default(20).describe('of each kind') }),
    response: FlowFirstSeen,
  },
  flows: {
    summary: 'Flow records, newest first',
    params: Env,
    query: FilteredQuery.extend(PageQuery.shape),
    response: FlowList,
  },
  flowWhy: {
    summary:
      'Why a flow was let through or dropped: the walk through both sides, the nearest rule, the smallest change',
    params: Env.extend({ id: z.string() }),
    response: FlowWhy,
  },
  pods: {
    summary: 'Pods that run now with their labels, in every namespace of the clusters of an environment',
    params: Env,
    query: PageQuery,
    response: PodList,
  },
  policies: {
    summary: 'Policies in the cluster, and predefined ones',
    params: Env,
    query: PageQuery,
    response: PolicyList,
  },
  deletedPolicies: {
    summary: 'Policies that were deleted, the last one first; each can be brought back from its revisions',
    params: Env,
    query: PageQuery,
    response: DeletedPolicyList,
  },
  policy: {
    summary: 'One policy, read from the API server; its ETag is the resourceVersion',
    params: PolicyParams,
    response: Policy,
  },
  setEnforcement: {
    summary: 'Switches a policy on or off; needs If-Match, or If-None-Match: * to deploy a predefined one',
    params: PolicyParams,
    query: Timed,
    body: Enforcement,
    response: Policy,
  },
  createPolicy: {
    summary: 'Creates a policy; with dryRun only the API server is asked whether it would take it',
    params: Env,
    query: z.object({ dryRun: z.stringbool().default(false) }),
    body: PolicyDraft,
    response: Policy,
    status: 201,
  },
  replacePolicy: {
    summary: 'Replaces a policy; needs If-Match',
    params: PolicyParams,
    query: Timed.extend({ dryRun: z.stringbool().default(false) }),
    body: PolicyDraft,
    response: Policy,
  },
  deletePolicy: {
    summary: 'Deletes a policy; needs If-Match. Its last version can be restored',
    params: PolicyParams,
    response: z.object({ deleted: z.literal(true), revision: z.number().int() }),
  },
  previewPolicy: {
    summary: 'What a draft says, selects, changes and would do to connections really seen; nothing is written',
    params: Env,
    query: WindowQuery,
    body: PolicyDraft,
    response: PolicyPreview,
  },
  pendingChange: {
    summary: 'A timed change that waits, and what is dropped meanwhile at the workloads that its policy selects',
    params: PendingParams,
    response: PendingChange,
  },
  confirmPending: { summary: 'Keeps a timed change', params: PendingParams, response: PendingOutcome },
  revertPending: { summary: 'Takes a timed change back now', params: PendingParams, response: PendingOutcome },
  policyRevisions: {
    summary: 'Versions of a policy, newest first, also of one that was deleted',
    params: PolicyParams,
    query: PageQuery,
    response: PolicyRevisionList,
  },
  restoreRevision: {
    summary: 'Brings a version back, also after a delete; needs If-Match where the policy exists',
    params: PolicyParams.extend({ revision: z.coerce.number().int().min(1) }),
    response: Policy,
  },
} as const satisfies Record<RouteName, Contract>;

export type ContractTable = typeof contract;

type Part<Name extends RouteName, Key extends string> =
  ContractTable[Name] extends Record<Key, infer Schema extends z.ZodType> ? Schema : z.ZodObject<Record<never, never>>;
export type Params<Name extends RouteName> = z.output<Part<Name, 'params'>>;
export type Query<Name extends RouteName> = z.output<Part<Name, 'query'>>;
export type QueryInput<Name extends RouteName> = z.input<Part<Name, 'query'>>;
export type Body<Name extends RouteName> = z.output<Part<Name, 'body'>>;
export type Answer<Name extends RouteName> = z.output<ContractTable[Name]['response']>;
