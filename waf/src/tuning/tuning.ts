import { z } from 'zod';
import { TransactionDetail } from '../transaction.ts';

const Ranked = z.array(z.object({ value: z.string(), count: z.number().int() }));

/** What stored transactions say that exclusions would do. Read from their records: only the firewall itself can prove it. */
export const Replay = z.object({
  /** Transactions that lose a match. */
  touched: z.number().int(),
  passes: z.number().int(),
  passesExamples: z.array(z.string()),
  /** Those that would pass although something speaks for an attack. */
  likelyAttacks: z.object({
    count: z.number().int(),
    examples: z.array(z.object({ id: z.string(), client: z.string(), signs: z.array(z.string()) })),
  }),
  stillJudged: z.number().int(),
  stillJudgedReasons: Ranked,
  /** Those whose record does not say enough. */
  unknown: z.number().int(),
  unknownReasons: Ranked,
});
export type Replay = z.infer<typeof Replay>;

/** One rule not applied to one variable where the path fits, and how it is written. */
const Proposal = z.object({
  ok: z.literal(true),
  rule: z.string(),
  /** As the log names it: `ARGS:json.filter`; null where the rule can only be left out as a whole. */
  target: z.string().nullable(),
  /** `text` for people, `pattern` a regular expression for the whole path. */
  path: z.object({ text: z.string(), pattern: z.string() }),
  /** For a file that is included before the rule set. */
  modsecurity: z.string(),
  /** For the Ingress that serves the path. */
  annotation: z.string(),
  /** What to know before one relies on it. */
  notes: z.array(z.string()),
});

/** Transactions that were judged an attack, with a match of one rule in one variable under one path. */
export const MatchGroup = z.object({
  /** Names its exclusion; stays the same from one answer to the next. */
  key: z.string(),
  rule: z.string(),
  message: z.string(),
  about: z.string().nullable(),
  category: z.string(),
  variable: z.string().nullable(),
  /** What differs between the paths has a name: `/orders/{number}`. */
  path: z.string(),
  requests: z.number().int(),
  blocked: z.number().int(),
  detected: z.number().int(),
  clients: z.number().int(),
  hosts: Ranked,
  statuses: Ranked,
  firstSeen: z.string(),
  lastSeen: z.string(),
  /** What speaks for ordinary traffic and what for an attack. Never a proof. */
  signs: z.array(z.object({ speaksFor: z.enum(['ordinary', 'attack']), text: z.string() })),
  products: z.array(TransactionDetail.shape.product.unwrap()),
  /** The narrowest exclusion, or why there is none. */
  proposal: z.discriminatedUnion('ok', [Proposal, z.object({ ok: z.literal(false), reason: z.string() })]),
  /** What the exclusion would do by itself. */
  replay: Replay,
  /** What else matched in the same transactions: where one exclusion is not enough, these are why. */
  companions: z.array(
    z.object({
      key: z.string().nullable(),
      rule: z.string(),
      variable: z.string().nullable(),
      count: z.number().int(),
    }),
  ),
});
export type MatchGroup = z.infer<typeof MatchGroup>;

/** Exclusions as text, what they would do together, and what to know before one relies on them. */
export const ExclusionSet = z.object({
  keys: z.array(z.string()),
  /** Keys asked for that name nothing among what was read. */
  missing: z.array(z.string()),
  /** For a file that is included before the rule set. */
  modsecurity: z.string(),
  /** For the Ingress that serves the paths. */
  annotation: z.string(),
  notes: z.array(z.string()),
  replay: Replay,
});
export type ExclusionSet = z.infer<typeof ExclusionSet>;

export const Tuning = z.object({
  groups: z.array(MatchGroup),
  /** How many groups there are in all. */
  groupCount: z.number().int(),
  /** Judged transactions that were read, the newest; `complete` is false where the window has more. */
  examined: z.number().int(),
  complete: z.boolean(),
  /** Judged transactions whose log holds no rule but the evaluation. */
  withoutRules: z.number().int(),
  /** The exclusions asked for; null where none were. */
  chosen: ExclusionSet.nullable(),
});
export type Tuning = z.infer<typeof Tuning>;
