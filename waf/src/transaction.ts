import { z } from 'zod';

/**
 * blocked: the firewall stopped it. detected: judged an attack, but it went through. matched: some rule matched, below the
 * threshold. clean: no rule matched. Anomalous = blocked + detected.
 */
export const TransactionClass = z.enum(['blocked', 'detected', 'matched', 'clean']);
export type TransactionClass = z.infer<typeof TransactionClass>;

/** Why a transaction has its class: `log` = the record says so itself; `evaluation` = an evaluation or denying rule; `severity` = no scoring configured; `inferred` = from engine mode and status. */
export const ClassReason = z.enum(['log', 'evaluation', 'severity', 'inferred', 'none']);
export type ClassReason = z.infer<typeof ClassReason>;

export const EngineMode = z.enum(['on', 'detection-only', 'off', 'unknown']);
export type EngineMode = z.infer<typeof EngineMode>;

/** One rule that matched, once per transaction whatever number of variables it matched. */
export const RuleMatch = z.object({
  id: z.string(),
  message: z.string(),
  /** What the rule looks for, in our words; null for a rule that we do not know. */
  about: z.string().nullable(),
  category: z.string(),
  /** 0 (emergency) … 7 (debug); null where the log does not say. */
  severity: z.number().int().nullable(),
  paranoia: z.number().int().nullable(),
  /** What the rule adds to the anomaly score; null where it cannot be told. */
  score: z.number().nullable(),
  tags: z.array(z.string()),
  /** Each place it matched: variable (`ARGS:id`), the text found there, and offset and length in it where known. */
  found: z.array(
    z.object({
      variable: z.string().nullable(),
      text: z.string(),
      offset: z.number().nullable(),
      length: z.number().nullable(),
    }),
  ),
  file: z.string().nullable(),
  line: z.number().int().nullable(),
  /** An evaluation or reporting rule (949110, 980130, …): part of the sum, never a top rule. */
  isEvaluation: z.boolean(),
});
export type RuleMatch = z.infer<typeof RuleMatch>;

/** A request the firewall judged, as lists show it. */
export const TransactionRow = z.object({
  id: z.string(),
  /** RFC 3339, UTC. */
  time: z.string(),
  class: TransactionClass,
  reason: ClassReason,
  client: z.string(),
  method: z.string(),
  host: z.string(),
  /** The decoded path, without query. */
  path: z.string(),
  /** As the client saw it; null where no log says. */
  status: z.number().int().nullable(),
  score: z.number().nullable(),
  /** Without evaluation rules, most severe first. */
  rules: z.array(z.object({ id: z.string(), message: z.string() })),
  categories: z.array(z.string()),
  /** Where it was sent: null where it cannot be attributed. */
  namespace: z.string().nullable(),
  upstream: z.string().nullable(),
});
export type TransactionRow = z.infer<typeof TransactionRow>;

const Message = z.object({ headers: z.array(z.tuple([z.string(), z.string()])), body: z.string().nullable() });

const SideScore = z.object({
  /** Over the rules that the record holds; null where it holds none that scores. */
  sum: z.number().nullable(),
  /** As the evaluation rule was configured; the rule set's default where it did not match. */
  threshold: z.object({ value: z.number(), from: z.enum(['log', 'default']) }).nullable(),
  /** What the log itself states; null where it states none. */
  stated: z.number().nullable(),
  /** Where `stated` is not `sum` but the sum up to a paranoia level: that level. */
  statedLevel: z.number().int().nullable(),
});

/** One transaction with everything its logs say. Secrets are masked before it is stored. */
export const TransactionDetail = TransactionRow.extend({
  uri: z.string(),
  httpVersion: z.string().nullable(),
  userAgent: z.string().nullable(),
  engine: EngineMode,
  /** Which firewall wrote the record, as far as its form tells; null without a record. */
  product: z.enum(['ModSecurity', 'ModSecurity 2', 'ModSecurity 3', 'Coraza']).nullable(),
  request: Message.nullable(),
  response: Message.nullable(),
  matches: z.array(RuleMatch),
  scores: z.object({
    inbound: SideScore,
    outbound: SideScore,
    byCategory: z.array(z.object({ category: z.string(), score: z.number() })),
    /** Null is the level of rules that name none. */
    byParanoia: z.array(z.object({ paranoia: z.number().int().nullable(), inbound: z.number(), outbound: z.number() })),
  }),
  /** Address and port of the server that answered; null where none did, or no log says. */
  upstreamAddress: z.string().nullable(),
  upstreamStatus: z.string().nullable(),
  durationMs: z.number().nullable(),
  /** The audit record (null for a clean request) and the access line (null without an access log), as they were written, masked. */
  raw: z.object({ audit: z.string().nullable(), access: z.string().nullable() }),
});
export type TransactionDetail = z.infer<typeof TransactionDetail>;
