import type { Explanation, SideExplanation, SideReason } from '../model/explanation.ts';
import type { Direction } from '../model/policy.ts';
import type { Decider, SideVerdict } from '../model/verdict.ts';
import type { Flow } from '../model/world.ts';
import { hasBit } from './bitset.ts';
import type { EngineState, Slot } from './engine-state.ts';
import { l7Of } from './l7.ts';
import { nearestOf } from './nearest.ts';
import type { SideSource } from './side-source.ts';
import type { Side } from './side.ts';
import { walkOf } from './walk.ts';

export interface Question {
  readonly flow: Flow;
  readonly from: Slot;
  readonly to: Slot;
  readonly key: number;
}

export function explain(question: Question, state: EngineState, sides: SideSource): Explanation {
  const { from, to, key } = question;
  const egress = explainSide({ ...question, state, sides, direction: 'egress', subject: from, peer: to });
  const ingress = explainSide({ ...question, state, sides, direction: 'ingress', subject: to, peer: from });
  const nearest = [
    { side: egress, subject: from, peer: to },
    { side: ingress, subject: to, peer: from },
  ].flatMap(({ side, subject, peer }) =>
    side.reason === 'deny' || side.reason === 'default-deny'
      ? nearestOf({
          state,
          direction: side.direction,
          subject: subject.identity,
          peer: peer.identity,
          key,
          deniers: side.decidedBy,
        })
      : [],
  );
  const error = errorOf(question, sides);
  return {
    egress: egress.verdict,
    ingress: ingress.verdict,
    verdict: bothSides(egress.verdict, ingress.verdict),
    decidedBy: [...egress.decidedBy, ...ingress.decidedBy],
    sides: { egress, ingress },
    nearest,
    ...(error === undefined ? {} : { error }),
  };
}

export function bothSides(egress: SideVerdict, ingress: SideVerdict): 'allowed' | 'denied' | 'error' {
  if (egress === 'denied' || ingress === 'denied') return 'denied';
  return egress === 'error' || ingress === 'error' ? 'error' : 'allowed';
}

/** What stands in the way of a verdict, from whichever enforced side has it. */
export function errorOf({ from, to }: Pick<Question, 'to' | 'from'>, sides: SideSource): string | undefined {
  const egress = from.isEnforced ? sides.offsetOf(from.identity, 'egress', 0) : undefined;
  const ingress = to.isEnforced ? sides.offsetOf(to.identity, 'ingress', 0) : undefined;
  return [egress, ingress].find((side) => typeof side === 'string');
}

interface SideQuestion extends Question {
  readonly state: EngineState;
  readonly sides: SideSource;
  readonly direction: Direction;
  readonly subject: Slot;
  readonly peer: Slot;
}

function explainSide(question: SideQuestion): SideExplanation {
  const { state, sides, direction, subject, peer, key } = question;
  const place = peer.identity.place;
  const nothing = { direction, decidedBy: [], policies: [], walk: [], authentication: [] };
  if (!subject.isEnforced) return { ...nothing, verdict: 'none', reason: 'not-enforced' };
  const offset = sides.offsetOf(subject.identity, direction, place);
  if (typeof offset === 'string') return { ...nothing, verdict: 'error', reason: 'undecidable' };
  const side = sides.sideOf(subject.identity, direction);
  if (typeof side === 'string') return { ...nothing, verdict: 'error', reason: 'undecidable' };
  const at = state.tables.locate(offset, key);
  const isAllowed = state.tables.allows(offset, at, place);
  const decidedBy = state.tables.deciders(offset, at, place, isAllowed);
  const policies = [...new Set(side.rules.map(({ policy }) => policy.ref))];
  const holder = direction === 'ingress' ? subject.identity : peer.identity;
  const walk = walkOf(side, { key, peer: peer.identity, holder, universe: state.universe });
  const reason = reasonOf(side, { isAllowed, place, decidedBy });
  const l7 = isAllowed ? l7Of(side, key, place, question.flow) : undefined;
  const authentication = isAllowed ? modesOf(side, key, place) : [];
  if (l7?.judged === 'denied' || l7?.judged === 'unknown') {
    const refusing = decidedBy.map((decider): Decider => ({ ...decider, effect: 'default-deny' }));
    const verdict = l7.judged === 'denied' ? 'denied' : 'error';
    return { direction, verdict, reason: 'l7', decidedBy: refusing, policies, walk, l7, authentication };
  }
  const verdict = isAllowed ? 'allowed' : 'denied';
  return { direction, verdict, reason, decidedBy, policies, walk, l7, authentication };
}

interface Outcome {
  readonly isAllowed: boolean;
  readonly place: number;
  readonly decidedBy: readonly Decider[];
}

function reasonOf(side: Side, { isAllowed, place, decidedBy }: Outcome): SideReason {
  if (!isAllowed) return decidedBy.some(({ effect }) => effect === 'deny') ? 'deny' : 'default-deny';
  if (decidedBy.length > 0) return 'allow';
  if (side.exempt && hasBit(side.exempt, place) && side.isDefaultDeny) return 'local-host';
  return side.rules.length === 0 ? 'no-policy' : 'no-default-deny';
}

function modesOf(side: Side, key: number, place: number): readonly string[] {
  const modes = side.matches
    .filter(({ first, last, peers }) => first <= key && key <= last && (!peers || hasBit(peers, place)))
    .flatMap(({ rule }) => rule.rule.authentication ?? []);
  return [...new Set(modes)];
}
