import type { Side } from '../rules/scores.ts';
import type { Exclusion } from './exclusion.ts';
import type { JudgedPlace, JudgedTransaction } from './judged.ts';

export type Outcome = 'untouched' | 'passes' | 'still-judged' | 'unknown';

export interface Verdict {
  readonly outcome: Outcome;
  readonly why: string;
  /** What is left of the matches. */
  readonly left: readonly JudgedPlace[];
}

/** What the firewall would have said of a transaction with the exclusions in force, from its record alone. */
export function judgeWithout(transaction: JudgedTransaction, exclusions: readonly Exclusion[]): Verdict {
  const covering = exclusions.filter(({ path }) => coversPath(path, transaction));
  const left = transaction.places.filter((place) => !covering.some((exclusion) => covers(exclusion, place)));
  if (left.length === transaction.places.length)
    return { outcome: 'untouched', why: 'none of its matches is taken away', left };
  return { ...judge(transaction, left), left };
}

/** The exclusion takes this match away, in a path that it fits. */
export function covers({ rule, target }: Exclusion, place: JudgedPlace): boolean {
  if (rule !== place.rule) return false;
  return target === null || place.target?.toLowerCase() === target.toLowerCase();
}

/** A template has a name in braces, which no path can have: those are escaped in a template's literal parts. */
export function coversPath(path: Exclusion['path'], { path: asked, template }: JudgedTransaction): boolean {
  return path.text === asked || path.text === template;
}

function judge(
  { denials, evaluations, class: judged, reason, places, scores }: JudgedTransaction,
  left: readonly JudgedPlace[],
): Omit<Verdict, 'left'> {
  if (denials.length > 0) return still(`rule ${denials.join(', ')} denies by itself`);
  if (judged === 'blocked' && evaluations.includes('949111'))
    return unknown('it was stopped after the headers, so the rules for the body never ran');
  if (reason === 'severity')
    return left.some(({ severity }) => severity === 1 || severity === 2)
      ? still('a rule of this severity is left, and no scores are configured')
      : passes('no rule of a severity that counts is left');
  if (evaluations.length === 0) return unknown('the log does not say which rule denied it');
  const sides: readonly Side[] = ['inbound', 'outbound'];
  const verdicts = sides
    .filter((side) => evaluations.some((rule) => rule.startsWith(side === 'inbound' ? '949' : '959')))
    .map((side) => judgeSide(side, { scores, places, left }));
  return (
    verdicts.find(({ outcome }) => outcome === 'still-judged') ??
    verdicts.find(({ outcome }) => outcome === 'unknown') ??
    verdicts[0] ??
    unknown('the log does not say which rule denied it')
  );
}

interface Counted {
  readonly scores: JudgedTransaction['scores'];
  readonly places: readonly JudgedPlace[];
  readonly left: readonly JudgedPlace[];
}

function judgeSide(side: Side, { scores, places, left }: Counted): Omit<Verdict, 'left'> {
  const { sum, stated, statedLevel, threshold } = scores[side];
  const before = stated ?? sum;
  const kept = new Set(left);
  const taken = places.filter(
    (place) =>
      !kept.has(place) && place.side === side && (statedLevel === null || (place.paranoia ?? 1) <= statedLevel),
  );
  if (before === null || threshold === null || taken.some(({ score }) => score === null))
    return unknown('the log does not say how the score came about');
  const after = before - taken.reduce((total, { score }) => total + (score ?? 0), 0);
  const assumed = threshold.from === 'default' ? ' by default: the log does not say' : '';
  const words = `${side} score ${before} becomes ${after}, the threshold is ${threshold.value}${assumed}`;
  return after >= threshold.value ? still(words) : passes(words);
}

function still(why: string): Omit<Verdict, 'left'> {
  return { outcome: 'still-judged', why };
}

function passes(why: string): Omit<Verdict, 'left'> {
  return { outcome: 'passes', why };
}

function unknown(why: string): Omit<Verdict, 'left'> {
  return { outcome: 'unknown', why };
}
