import type { FlowWhy } from '@bartizan/api';
import type { FlowRecord } from '@bartizan/flow';
import type { Decider, Explanation } from '@bartizan/policy';

type Side = 'ingress' | 'egress';

/**
 * The sides that an event speaks of: a verdict, a drop and an L7 record of the end that reports them, a trace of what the
 * packet had passed at that point.
 */
function sidesOf({ type, subtype, direction }: FlowRecord): readonly Side[] {
  if (type !== 'Trace') return direction === 'unknown' ? ['egress', 'ingress'] : [direction];
  if (subtype === '' || subtype === 'to-endpoint') return ['egress', 'ingress'];
  return subtype.startsWith('to-') ? ['egress'] : [];
}

/** Whether Cilium let it through as far as it says; null where it says neither. In audit mode what is let through is denied. */
function isReportedAllowed({ verdict }: FlowRecord): boolean | null {
  if (verdict === 'FORWARDED' || verdict === 'REDIRECTED') return true;
  return verdict === 'DROPPED' || verdict === 'AUDIT' ? false : null;
}

/** Whether the engine and the event say the same of the sides that the event speaks of. */
export function agreementOf(flow: FlowRecord, explanation: Explanation): boolean | null {
  const isAllowed = isReportedAllowed(flow);
  const verdicts = sidesOf(flow).map((side) => explanation[side]);
  if (isAllowed === null || verdicts.length === 0 || verdicts.includes('error')) return null;
  return isAllowed !== verdicts.includes('denied');
}

/** The policies that Cilium names for an event beside those that decided here. */
export function attributionOf(flow: FlowRecord, decidedBy: readonly Decider[]): FlowWhy['attribution'] {
  const named = [...flow.allowedBy, ...flow.deniedBy];
  if (named.length === 0) return 'none';
  const ours = decidedBy
    .filter(({ direction }) => named.some((policy) => policy.direction === direction))
    .map(({ policy }) => policy.split('/'));
  const isOurs = ({ kind, namespace, name }: (typeof named)[number]): boolean =>
    ours.some(
      (parts) =>
        parts.at(-1) === name &&
        (kind === null || kind === '' || parts[0] === kind) &&
        (namespace === null || namespace === '' ? true : parts.length === 3 && parts[1] === namespace),
    );
  if (!named.every(isOurs)) return 'different';
  return new Set(ours.map((parts) => parts.join('/'))).size > named.length ? 'contained' : 'same';
}
