import type { AuditRecord, RuleMessage } from '../audit/audit-record.ts';
import { defaultThresholds, evaluationRules, severityScores } from './catalogue.ts';
import { familyOf, isCoreRule, isEvaluation } from './rule-kind.ts';

export interface Scores {
  readonly inbound: number | null;
  readonly outbound: number | null;
  readonly threshold: number | null;
  /** What the log itself says the sum was. */
  readonly stated: number | null;
}

/** What one match adds to the score; null for a rule that is not of the Core Rule Set, or whose severity is not known. */
export function scoreOf(message: RuleMessage): number | null {
  if (isEvaluation(message.id)) return 0;
  if (!isCoreRule(message) || message.severity === null) return null;
  return severityScores[message.severity] ?? 0;
}

/** The sums over the messages of a record: every match of a rule counts, as it does in the engine. */
export function scoresOf(record: AuditRecord): Scores {
  let inbound = 0;
  let outbound = 0;
  let counted = 0;
  for (const message of record.messages) {
    const score = scoreOf(message);
    if (score === null || isEvaluation(message.id)) continue;
    counted += 1;
    if (familyOf(message.id)?.side === 'outbound') outbound += score;
    else inbound += score;
  }
  const stated = statedScore(record.messages);
  const isInbound = stated === null || stated.side === 'inbound';
  return {
    inbound: counted > 0 ? inbound : stated?.side === 'inbound' ? stated.score : null,
    outbound: counted > 0 ? outbound : stated?.side === 'outbound' ? stated.score : null,
    threshold:
      thresholdOf(record.messages) ?? (counted > 0 ? defaultThresholds[isInbound ? 'inbound' : 'outbound'] : null),
    stated: stated?.score ?? null,
  };
}

function statedScore(
  messages: readonly RuleMessage[],
): { readonly side: 'inbound' | 'outbound'; readonly score: number } | null {
  for (const { id, text } of messages) {
    if (!evaluationRules.has(id)) continue;
    const score = /\(Total (?:Inbound |Outbound )?Score: (\d{1,6})/.exec(text)?.[1];
    if (score !== undefined) return { side: id.startsWith('949') ? 'inbound' : 'outbound', score: Number(score) };
  }
  return null;
}

function thresholdOf(messages: readonly RuleMessage[]): number | null {
  for (const { id, match } of messages) {
    if (!evaluationRules.has(id)) continue;
    const threshold = /Operator `Ge' with parameter `(\d{1,6})'|Operator GE matched (\d{1,6})/.exec(match);
    if (threshold) return Number(threshold[1] ?? threshold[2]);
  }
  return null;
}
