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
  owner: PolicyOwner.nullable(),
  createdAt: z.string().nullable(),
  /** From managedFields; null where the object has none. */
  modified: z.object({ at: z.string(), by: z.string() }).nullable(),
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
