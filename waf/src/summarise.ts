import type { AccessLine } from './access/access-line.ts';
import type { BriefRecord } from './audit/audit-record.ts';
import { pathOf } from './bytes.ts';
import { classify } from './classify.ts';
import { unknownCategory } from './rules/catalogue.ts';
import { categoryOf, isEvaluation } from './rules/rule-kind.ts';
import { inboundScore } from './rules/scores.ts';
import type { TransactionRow } from './transaction.ts';

/** A transaction as statistics and lists need it, from an audit record, an access line, or both. */
export type TransactionSummary = Omit<TransactionRow, 'id' | 'time' | 'namespace' | 'rules' | 'categories'> & {
  readonly timeMs: number;
  readonly rules: readonly { readonly id: string; readonly message: string }[];
  readonly categories: readonly string[];
};

const none: readonly never[] = [];

export function summarise(record: BriefRecord | null, access: AccessLine | null): TransactionSummary | null {
  if (!record) return access && summariseAccess(access);
  const { class: judged, reason } = classify(record, access);
  const rules = rulesOf(record);
  return {
    timeMs: access?.timeMs ?? record.timeMs,
    class: judged,
    reason,
    client: access?.client ?? record.client,
    method: (access?.method ?? '') || record.method,
    host: (access?.host ?? '') || record.host,
    path: pathOf((access?.uri ?? '') || record.uri),
    status: access ? access.status : record.status,
    score: inboundScore(record),
    rules: rules.list,
    categories: rules.categories.length === 0 && isAnomalous(judged) ? [unknownCategory] : rules.categories,
    upstream: access?.upstream ?? null,
  };
}

function isAnomalous(judged: string): boolean {
  return judged === 'blocked' || judged === 'detected';
}

function summariseAccess(access: AccessLine): TransactionSummary {
  return {
    timeMs: access.timeMs,
    class: 'clean',
    reason: 'none',
    client: access.client,
    method: access.method,
    host: access.host,
    path: pathOf(access.uri),
    status: access.status,
    score: null,
    rules: none,
    categories: none,
    upstream: access.upstream,
  };
}

/** Each rule once, the most severe first; each category once. There are few in one record: lists are searched faster than tables. */
function rulesOf(record: BriefRecord): {
  readonly list: readonly { readonly id: string; readonly message: string }[];
  readonly categories: readonly string[];
} {
  const seen: { readonly id: string; readonly message: string; severity: number }[] = [];
  const categories: string[] = [];
  for (const message of record.messages) {
    if (isEvaluation(message.id) || message.id === '') continue;
    const severity = message.severity ?? 8;
    const known = seen.find(({ id }) => id === message.id);
    if (known) known.severity = Math.min(known.severity, severity);
    else seen.push({ id: message.id, message: message.text, severity });
    const category = categoryOf(message);
    if (!categories.includes(category)) categories.push(category);
  }
  seen.sort((left, right) => left.severity - right.severity);
  return { list: seen.map(({ id, message }) => ({ id, message })), categories };
}
