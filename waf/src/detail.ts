import type { AccessLine } from './access/access-line.ts';
import type { AuditDialect, AuditRecord, RuleMessage } from './audit/audit-record.ts';
import { placeOf } from './rules/places.ts';
import { aboutRule, categoryOf, isEvaluation, paranoiaOf } from './rules/rule-kind.ts';
import { noScores, scoreOf, scoresOf } from './rules/scores.ts';
import type { RuleMatch, TransactionDetail, TransactionRow } from './transaction.ts';

const products: Readonly<Record<AuditDialect, NonNullable<TransactionDetail['product']>>> = {
  'modsecurity-json': 'ModSecurity 3',
  'modsecurity-native': 'ModSecurity',
  'modsecurity-2-json': 'ModSecurity 2',
  'coraza-json': 'Coraza',
  'error-line': 'ModSecurity',
  'coraza-line': 'Coraza',
};

/** Everything the logs say of a transaction, around the row that lists show. */
export function detailOf(parts: {
  readonly row: TransactionRow;
  readonly record: AuditRecord | null;
  readonly access: AccessLine | null;
  readonly raw: TransactionDetail['raw'];
}): TransactionDetail {
  const { row, record, access, raw } = parts;
  return {
    ...row,
    uri: record?.uri || access?.uri || row.path,
    httpVersion: record?.httpVersion ?? access?.httpVersion ?? null,
    userAgent: record?.userAgent ?? access?.userAgent ?? null,
    engine: record?.engine ?? 'unknown',
    product: record ? products[record.dialect] : null,
    request: part(record?.request),
    response: part(record?.response),
    matches: record ? matchesOf(record) : [],
    scores: record ? scoresOf(record) : noScores,
    upstreamAddress: access?.upstreamAddress ?? null,
    upstreamStatus: access?.upstreamStatus ?? null,
    durationMs: access?.durationMs ?? null,
    raw,
  };
}

function part(found: AuditRecord['request'] | undefined): TransactionDetail['request'] {
  return found ? { headers: found.headers.map(([name, value]) => [name, value]), body: found.body } : null;
}

/** One entry for each rule, with every place where it matched. */
export function matchesOf(record: AuditRecord): RuleMatch[] {
  const byRule = new Map<string, RuleMessage[]>();
  for (const message of record.messages) {
    const known = byRule.get(message.id);
    if (known) known.push(message);
    else byRule.set(message.id, [message]);
  }
  return [...byRule.values()].map(ruleMatch);
}

function ruleMatch(messages: readonly RuleMessage[]): RuleMatch {
  const [first] = messages;
  if (!first) throw new Error('a rule without a message');
  const scores = messages.map(scoreOf);
  const tags = [...new Set(messages.flatMap((message) => message.tags))];
  return {
    id: first.id,
    message: first.text,
    about: aboutRule(first.id, first.version),
    category: categoryOf({ id: first.id, tags }),
    severity: messages.find(({ severity }) => severity !== null)?.severity ?? null,
    paranoia: paranoiaOf({ ...first, tags }),
    score: scores.some((score) => score === null) ? null : scores.reduce<number>((sum, score) => sum + (score ?? 0), 0),
    tags,
    found: messages.map(placeOf),
    file: first.file,
    line: first.line,
    isEvaluation: isEvaluation(first.id),
  };
}
