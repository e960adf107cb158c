import { denyingRules } from '../rules/catalogue.ts';
import { sideOf } from '../rules/scores.ts';
import type { Side } from '../rules/scores.ts';
import type { TransactionDetail } from '../transaction.ts';
import { targetOf } from './exclusion.ts';
import { templateOf } from './path-template.ts';

/** One place where a rule matched: what an exclusion can take away. */
export interface JudgedPlace {
  readonly rule: string;
  readonly message: string;
  readonly category: string;
  readonly variable: string | null;
  readonly side: Side;
  readonly score: number | null;
  readonly severity: number | null;
  readonly paranoia: number | null;
  /** What an exclusion would name; null where it leaves out the whole rule. */
  readonly target: string | null;
}

/** A transaction that was judged an attack, as far as exclusions are concerned: small, so that many can be held. */
export interface JudgedTransaction {
  readonly id: string;
  readonly timeMs: number;
  readonly class: 'blocked' | 'detected';
  readonly client: string;
  readonly host: string;
  readonly path: string;
  readonly template: string;
  readonly status: number | null;
  readonly product: TransactionDetail['product'];
  /** It carried a cookie or an authorization; null where the log holds no headers. */
  readonly hasSession: boolean | null;
  readonly places: readonly JudgedPlace[];
  readonly evaluations: readonly string[];
  readonly denials: readonly string[];
  readonly reason: TransactionDetail['reason'];
  readonly scores: Pick<TransactionDetail['scores'], Side>;
}

/** Null for a transaction that was not judged an attack. */
export function judgedOf(detail: TransactionDetail): JudgedTransaction | null {
  const { id, client, host, path, status, product, request, matches, reason, scores } = detail;
  if (detail.class !== 'blocked' && detail.class !== 'detected') return null;
  const rules = matches.filter(({ isEvaluation }) => !isEvaluation);
  return {
    id,
    timeMs: Date.parse(detail.time),
    class: detail.class,
    client,
    host,
    path,
    template: templateOf(path).text,
    status,
    product,
    hasSession: request && request.headers.some(([name]) => /^(?:cookie|authorization)$/i.test(name)),
    places: rules.flatMap(placesOf),
    evaluations: matches.flatMap(({ id: rule, isEvaluation }) => (isEvaluation ? [rule] : [])),
    denials: rules.flatMap(({ id: rule }) => (denyingRules.has(rule) ? [rule] : [])),
    reason,
    scores: { inbound: scores.inbound, outbound: scores.outbound },
  };
}

function placesOf(match: TransactionDetail['matches'][number]): JudgedPlace[] {
  const { id, message, category, severity, paranoia, score, found } = match;
  const side = sideOf(id);
  // Every match of a rule adds the same.
  const each = score === null ? null : score / Math.max(1, found.length);
  return found.map(({ variable }) => ({
    rule: id,
    message,
    category,
    variable,
    side,
    score: each,
    severity,
    paranoia,
    target: targetOf(id, variable),
  }));
}
