import { FlowRecord } from '@bartizan/flow';
import { z } from 'zod';

const Direction = z.enum(['ingress', 'egress']);

/** A rule by its policy (`Kind/namespace/name`, or `Kind/name`), its name (`ingress[0]`) and its path from the manifest's root. */
const Rule = z.object({ policy: z.string(), direction: Direction, rule: z.string(), path: z.string() });

const Decider = Rule.extend({ effect: z.enum(['allow', 'deny', 'default-deny']) });

const Difference = z.object({
  what: z.string(),
  path: z.string(),
  message: z.string(),
  expected: z.string().optional(),
  actual: z.string().optional(),
});

const NearMiss = Rule.extend({ differs: z.array(Difference) });

/** One rule that selects the end, and what it says of this connection: it holds where nothing differs. */
const WalkedRule = Rule.extend({
  says: z.enum(['allows', 'denies', 'isolates', 'nothing']),
  effect: z.enum(['allow', 'deny']),
  peerDiffers: z.array(Difference),
  portDiffers: z.array(Difference),
});

const SideVerdict = z.enum(['allowed', 'denied', 'none', 'error']);

/** One end's policies, walked through: the rules that decided come first, then those that came near. */
export const WhySide = z.object({
  verdict: SideVerdict,
  /** `no-policy`, `default-deny`, `allow`, … */
  reason: z.string(),
  /** The policies with a rule for this end in this direction. */
  policies: z.array(z.string()),
  rules: z.array(WalkedRule),
  /** Rules that are not listed. */
  more: z.number().int(),
  /** What a proxy does with it: it lets all pass, or what is listed. */
  proxy: z.object({ scope: z.enum(['restricted', 'open']), allows: z.array(z.string()) }).optional(),
  authentication: z.array(z.string()),
});
export type WhySide = z.infer<typeof WhySide>;

/** A change of one policy, as a draft that the editor can open. */
const FixStep = z.object({
  direction: Direction,
  policy: z.string(),
  isNew: z.boolean(),
  /** What is added or extended. */
  path: z.string(),
  /** What is allowed then and was not. */
  words: z.string(),
  /** How many pairs of workloads it opens on this port, the asked one among them. */
  opens: z.number().int(),
  /** The policy as it stands; null where there is none of this name. */
  before: z.string().nullable(),
  manifest: z.string(),
});
export type FixStep = z.infer<typeof FixStep>;

/** Why a flow was let through or dropped, by our own engine on the policies as they were when it happened. */
export const FlowWhy = z.object({
  flow: FlowRecord,
  /** not-policy: dropped for a reason that no policy caused. unknown: it cannot be told, and `reason` says why. */
  verdict: z.enum(['allowed', 'denied', 'not-policy', 'unknown']),
  reason: z.string().optional(),
  egress: SideVerdict,
  ingress: SideVerdict,
  because: z.object({ egress: z.string(), ingress: z.string() }).optional(),
  decidedBy: z.array(Decider),
  sides: z.object({ egress: WhySide, ingress: WhySide }).optional(),
  /** For a denial: the rule that came nearest to allowing it, and what differs. */
  nearest: NearMiss.optional(),
  /** For a denial that still holds: the smallest change of the policies as they are now that lets it through; all steps are needed. */
  fix: z.object({ words: z.string(), steps: z.array(FixStep) }).optional(),
  /** Why no change is proposed. */
  noFix: z.string().optional(),
  /** What the policies as they are now say of it. */
  now: z.enum(['allowed', 'denied', 'unknown']).optional(),
  /** What Hubble said: of which side, for which reason, and the policies that it named. */
  reported: z.object({
    verdict: z.string(),
    direction: z.enum(['ingress', 'egress', 'unknown']),
    dropReason: z.object({ name: z.string(), title: z.string(), means: z.string(), look: z.string() }).optional(),
    allowedBy: z.array(z.string()),
    deniedBy: z.array(z.string()),
  }),
  /** Whether ours and the reported verdict say the same; null where there is nothing to compare. */
  agrees: z.boolean().nullable(),
  /**
   * The policies that Cilium names beside those that we find: same, contained (it names some of ours; often it names one
   * of several), different, or none (it names none: it never does for a default deny).
   */
  attribution: z.enum(['same', 'contained', 'different', 'none']),
  /** What may lie behind a disagreement or make the answer less sure, each as a sentence. */
  doubts: z.array(z.string()),
  /** The policies judged with: as they were then, or as they are now where their history does not reach back. */
  policiesAsOf: z.enum(['then', 'now']),
  /** Since when versions of policies are recorded here; null where that is not known. */
  recordedSince: z.string().nullable(),
  /** Policies that have changed, or were made or deleted, since. */
  changedSince: z.array(z.string()),
});
export type FlowWhy = z.infer<typeof FlowWhy>;
