import { z } from 'zod';
import { Coverage } from './coverage.ts';

export const PolicyKind = z.enum(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);
export type PolicyKind = z.infer<typeof PolicyKind>;

/** predefined: offered, not in the cluster. not-applied: in the cluster, but refused by what should enforce it. */
export const PolicyState = z.enum(['enforced', 'disabled', 'predefined', 'not-applied']);
export type PolicyState = z.infer<typeof PolicyState>;

/** A part of a sentence, with its meaning, so that it can be marked up. */
const WordPart = z.object({ kind: z.string(), text: z.string() });

export const PolicyWords = z.object({
  /** What the policy does as a whole, and what happens to connections that no rule names. */
  summary: z.array(WordPart),
  /** Then a sentence for each rule. */
  rules: z.array(z.array(WordPart)),
  /** What surprises people. */
  notes: z.array(z.array(WordPart)),
});
export type PolicyWords = z.infer<typeof PolicyWords>;

export const PolicyProblem = z.object({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  refusedBy: z.enum(['api-server', 'cilium']).optional(),
  message: z.string(),
  path: z.string(),
  line: z.number().int().optional(),
  column: z.number().int().optional(),
});
export type PolicyProblem = z.infer<typeof PolicyProblem>;

/** Who will undo or overwrite a change made here. */
export const PolicyOwner = z.object({
  kind: z.enum(['auto-devops', 'helm', 'argo-cd', 'flux', 'fleet', 'kustomize', 'controller']),
  name: z.string().nullable(),
  /** What will happen to a change made here, and where to make it instead. */
  warning: z.string(),
});
export type PolicyOwner = z.infer<typeof PolicyOwner>;

/** A change that goes back by itself at `revertAt` unless it is confirmed. */
export const Pending = z.object({
  id: z.string(),
  revertAt: z.string(),
  /** Why it is still there although its time has come: it is tried again. */
  trouble: z.string().optional(),
});
export type Pending = z.infer<typeof Pending>;

/** What Cilium itself says of a policy: its operator's `Valid` condition, or what older agents wrote for each node. */
export const CiliumVerdict = z.object({
  valid: z.boolean(),
  message: z.string().optional(),
  /** When it last changed from valid to not valid, or back. */
  lastTransition: z.string().optional(),
  /** Where the check made here comes to another result: which, and what may be the reason. */
  disagreement: z.string().optional(),
});
export type CiliumVerdict = z.infer<typeof CiliumVerdict>;

export const Policy = z.object({
  name: z.string(),
  /** Empty for a cluster-scoped policy. */
  namespace: z.string(),
  kind: PolicyKind,
  enabled: z.boolean(),
  state: PolicyState,
  description: z.string().nullable(),
  /** YAML: the whole object without managedFields and status. */
  manifest: z.string(),
  /** Absent for a predefined policy that is not deployed. */
  resourceVersion: z.string().optional(),
  selects: z.object({ words: z.string(), pods: z.number().int().nullable() }),
  isolates: z.array(z.enum(['ingress', 'egress'])),
  words: PolicyWords.nullable(),
  problems: z.array(PolicyProblem),
  /** Null where Cilium has said nothing: it has not judged it, or it is a NetworkPolicy, of which it never says anything. */
  cilium: CiliumVerdict.nullable(),
  owner: PolicyOwner.nullable(),
  createdAt: z.string().nullable(),
  /** From managedFields; null where the object has none. */
  modified: z.object({ at: z.string(), by: z.string() }).nullable(),
  /** A timed change of it that nobody has confirmed yet: it goes back by itself then. */
  pending: Pending.optional(),
});
export type Policy = z.infer<typeof Policy>;

export const PolicyList = z.object({
  items: z.array(Policy),
  nextCursor: z.string().optional(),
  coverage: Coverage,
});
export type PolicyList = z.infer<typeof PolicyList>;

export const Enforcement = z.object({ enabled: z.boolean() });
export type Enforcement = z.infer<typeof Enforcement>;

/** A policy to write: YAML of the whole object, and why. */
export const PolicyDraft = z.object({
  manifest: z.string(),
  note: z.string().max(2000).optional(),
});
export type PolicyDraft = z.infer<typeof PolicyDraft>;

export const PolicyRevision = z.object({
  revision: z.number().int(),
  at: z.string(),
  by: z.string(),
  action: z.enum(['create', 'update', 'delete', 'restore', 'observed']),
  note: z.string().optional(),
  /** YAML of the policy after the change; null where it was deleted. */
  manifest: z.string().nullable(),
});
export type PolicyRevision = z.infer<typeof PolicyRevision>;

export const PolicyRevisionList = z.object({ items: z.array(PolicyRevision), nextCursor: z.string().optional() });
export type PolicyRevisionList = z.infer<typeof PolicyRevisionList>;

/** A policy that is not in the cluster any more: what is last known of it, and who deleted it. */
export const DeletedPolicy = z.object({
  name: z.string(),
  namespace: z.string(),
  kind: PolicyKind,
  ...PolicyRevision.omit({ manifest: true }).shape,
});
export type DeletedPolicy = z.infer<typeof DeletedPolicy>;

export const DeletedPolicyList = z.object({ items: z.array(DeletedPolicy), nextCursor: z.string().optional() });
export type DeletedPolicyList = z.infer<typeof DeletedPolicyList>;

/** Flow events in a stretch of time; null where nobody can tell. */
const EventsSeen = z.object({
  from: z.string(),
  to: z.string(),
  events: z.number().int().nullable(),
  dropped: z.number().int().nullable(),
});

/** A timed change that waits, and what is dropped meanwhile at the workloads that the policy selects, before the change or after it. */
export const PendingChange = Pending.extend({
  madeAt: z.string(),
  drops: z.object({
    /** `namespace/name`; null where pods cannot be read, or the policy cannot be understood. */
    workloads: z.array(z.string()).nullable(),
    before: EventsSeen,
    since: EventsSeen,
    /** What was not seen, and why: then a number is null, or counts only what was seen. */
    missing: z.string().optional(),
  }),
});
export type PendingChange = z.infer<typeof PendingChange>;

/** What became of a timed change: confirmed or reverted; `stopped` says why it was not reverted. */
export const PendingOutcome = z.object({
  id: z.string(),
  outcome: z.enum(['confirmed', 'reverted', 'stopped']),
  reason: z.string().optional(),
  policy: Policy.nullable(),
});
export type PendingOutcome = z.infer<typeof PendingOutcome>;

/** Connections really seen whose verdict a draft would change. */
const EffectItem = z.object({
  from: z.string(),
  to: z.string(),
  port: z.number().int().nullable(),
  protocol: z.string(),
  count: z.number().int(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  reason: z.string().optional(),
  examples: z.array(z.string()),
});
const EffectGroup = z.object({ count: z.number().int(), items: z.array(EffectItem) });

export const PolicyEffect = z.object({
  /** All that were recorded in the window; 0 says that nothing was recorded, not that nothing would change. */
  connections: z.number().int(),
  newlyDenied: EffectGroup,
  newlyAllowed: EffectGroup,
  unchanged: z.object({ count: z.number().int() }),
  unknown: EffectGroup,
  /** Reported as let through in audit mode, and denied once that is off. */
  audited: EffectGroup,
  /** Where our verdict on the policies as they are differs from the reported one: never counted as newly anything. */
  disagrees: EffectGroup,
  coverage: Coverage,
});
export type PolicyEffect = z.infer<typeof PolicyEffect>;

export const PolicyPreview = z.object({
  problems: z.array(PolicyProblem),
  /** What the API server says to it in a dry run; null where it would take it, or was not asked because we know already. */
  refusal: z.string().nullable(),
  words: PolicyWords.nullable(),
  selects: z.object({ words: z.string(), pods: z.number().int().nullable(), examples: z.array(z.string()) }).nullable(),
  /** The cluster's version and the draft, both as YAML; `before` is null where there is none. */
  diff: z.object({ before: z.string().nullable(), after: z.string(), resourceVersion: z.string().nullable() }),
  /** Null where the draft cannot be judged, or no flows are recorded anywhere: `effectMissing` says why. */
  effect: PolicyEffect.nullable(),
  effectMissing: z.string().optional(),
  owner: PolicyOwner.nullable(),
});
export type PolicyPreview = z.infer<typeof PolicyPreview>;
