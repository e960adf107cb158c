import type { AuditRecord, BriefMessage, BriefRecord, RuleMessage } from '../audit/audit-record.ts';
import type { TransactionDetail } from '../transaction.ts';
import { defaultThresholds, evaluationRules, severityScores } from './catalogue.ts';
import { categoryOf, familyOf, isCoreRule, isEvaluation, paranoiaOf } from './rule-kind.ts';

export type Scores = TransactionDetail['scores'];
export type Side = 'inbound' | 'outbound';

export const noScores: Scores = {
  inbound: { sum: null, threshold: null, stated: null, statedLevel: null },
  outbound: { sum: null, threshold: null, stated: null, statedLevel: null },
  byCategory: [],
  byParanoia: [],
};

/** What one match adds to the score; null for a rule that is not of the Core Rule Set, or whose severity is not known. */
export function scoreOf(message: BriefMessage): number | null {
  if (isEvaluation(message.id)) return 0;
  if (!isCoreRule(message) || message.severity === null) return null;
  return severityScores[message.severity] ?? 0;
}

/** Rules of phases 3 and 4 judge the answer, all others the request. */
export function sideOf(id: string): Side {
  return familyOf(id)?.side ?? 'inbound';
}

interface Addend {
  readonly side: Side;
  readonly category: string;
  readonly paranoia: number | null;
  readonly score: number;
}

/** The sums over the messages of a record: every match of a rule counts, as it does in the engine. */
export function scoresOf(record: AuditRecord): Scores {
  const addends = record.messages.flatMap(addendOf);
  return {
    inbound: sideScore(record.messages, addends, 'inbound'),
    outbound: sideScore(record.messages, addends, 'outbound'),
    byCategory: byCategory(addends),
    byParanoia: byParanoia(addends),
  };
}

/** The inbound score as lists show it: our sum, or what the log states where it holds the evaluation alone; null without any. */
export function inboundScore(record: BriefRecord): number | null {
  let sum = 0;
  let counted = 0;
  for (const message of record.messages) {
    const score = isEvaluation(message.id) ? null : scoreOf(message);
    if (score === null) continue;
    counted += 1;
    if (sideOf(message.id) === 'inbound') sum += score;
  }
  return counted > 0 ? sum : statedScore(record.messages, 'inbound');
}

function addendOf(message: RuleMessage): Addend[] {
  const score = isEvaluation(message.id) ? null : scoreOf(message);
  if (score === null) return [];
  return [{ side: sideOf(message.id), category: categoryOf(message), paranoia: paranoiaOf(message), score }];
}

function sideScore(messages: readonly RuleMessage[], addends: readonly Addend[], side: Side): Scores[Side] {
  const own = addends.filter((addend) => addend.side === side);
  const sum = addends.length === 0 ? null : total(own);
  const stated = statedScore(messages, side);
  const logged = thresholdOf(messages, side);
  return {
    sum,
    threshold:
      logged !== null
        ? { value: logged, from: 'log' }
        : addends.length > 0
          ? { value: defaultThresholds[side], from: 'default' }
          : null,
    stated,
    statedLevel: stated === null || stated === sum ? null : levelWith(own, stated),
  };
}

/** The paranoia level up to which the sum is the one that the log states: the rules above it only detect. */
function levelWith(addends: readonly Addend[], stated: number): number | null {
  const levels = [1, 2, 3];
  return levels.find((level) => total(addends.filter(({ paranoia }) => (paranoia ?? 1) <= level)) === stated) ?? null;
}

function byCategory(addends: readonly Addend[]): Scores['byCategory'] {
  const sums = new Map<string, number>();
  for (const { category, score } of addends) sums.set(category, (sums.get(category) ?? 0) + score);
  return [...sums].map(([category, score]) => ({ category, score })).toSorted((a, b) => b.score - a.score);
}

function byParanoia(addends: readonly Addend[]): Scores['byParanoia'] {
  const levels = [...new Set(addends.map(({ paranoia }) => paranoia))].toSorted((a, b) => (a ?? 5) - (b ?? 5));
  return levels.map((paranoia) => {
    const own = addends.filter((addend) => addend.paranoia === paranoia);
    const of = (side: Side): number => total(own.filter((addend) => addend.side === side));
    return { paranoia, inbound: of('inbound'), outbound: of('outbound') };
  });
}

function total(addends: readonly Addend[]): number {
  return addends.reduce((sum, { score }) => sum + score, 0);
}

function isOfSide(id: string, side: Side): boolean {
  return evaluationRules.has(id) && id.startsWith(side === 'inbound' ? '949' : '959');
}

function statedScore(messages: readonly BriefMessage[], side: Side): number | null {
  for (const { id, text } of messages) {
    const score = isOfSide(id, side) ? /\(Total (?:Inbound |Outbound )?Score: (\d{1,6})/.exec(text)?.[1] : undefined;
    if (score !== undefined) return Number(score);
  }
  return null;
}

function thresholdOf(messages: readonly RuleMessage[], side: Side): number | null {
  for (const { id, match } of messages) {
    if (!isOfSide(id, side)) continue;
    const threshold = /Operator `Ge' with parameter `(\d{1,6})'|Operator GE matched (\d{1,6})/.exec(match);
    if (threshold) return Number(threshold[1] ?? threshold[2]);
  }
  return null;
}
