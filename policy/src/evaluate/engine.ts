import type { Policy } from '../model/policy.ts';
import { keysPerProtocol, placeOf, protocols } from '../model/protocol.ts';
import type { Explanation } from '../model/explanation.ts';
import type { EndpointDescription, EngineOptions, Flow, World } from '../model/world.ts';
import type { DecidedVerdict, Decider, SideVerdict, Verdict } from '../model/verdict.ts';
import { isPortName } from '../lower/ports.ts';
import { compiledOf } from './compiled.ts';
import type { Compiled } from './compiled.ts';
import { bothSides, errorOf, explain } from './explain.ts';
import { changeState, createState, slotOf } from './engine-state.ts';
import type { Direction, EngineChanges, EngineState, Slot } from './engine-state.ts';
import { sideSource } from './side-source.ts';

export interface Engine {
  /** The verdict alone, as fast as it can be had. */
  verdict(flow: Flow): Verdict;
  /** The verdict and the rules that decided it. */
  decide(flow: Flow): DecidedVerdict;
  /** The whole walk: both sides, what a proxy does, and for a denial what would have allowed it. */
  explain(flow: Flow): Explanation;
  /** An engine for the changed policies and endpoints; this one stays as it is. */
  update(changes: EngineChanges): Engine;
  /** Everything that is decided, as sets: see `compiled.ts`. */
  compiled(): Compiled;
  /** For the rest of this folder. */
  readonly state: EngineState;
}

/** Brings policies and the world they speak of into a form that answers at once. Of two policies of one name the last counts. */
export function compile(policies: readonly Policy[], world: World, options: EngineOptions = {}): Engine {
  return engineOf(createState(policies, world, options));
}

function engineOf(state: EngineState): Engine {
  const described = new WeakMap<EndpointDescription, Slot>();
  const sides = sideSource(state);

  const slot = (end: Flow['from']): Slot | undefined => {
    if (typeof end === 'string') return state.slots.get(end);
    const known = described.get(end);
    if (known) return known;
    const context = { cluster: state.cluster, options: state.options, addresses: state.addresses };
    const made = slotOf({ ...end, id: '' }, state.universe, context);
    described.set(end, made);
    return made;
  };

  const { tables } = state;

  /** A place in `sideVerdicts`: numbers, because this is where the time goes. */
  const judge = (subject: Slot, direction: Direction, key: number, peer: number): number => {
    if (!subject.isEnforced) return none;
    const offset = sides.offsetOf(subject.identity, direction, peer);
    if (typeof offset === 'string') return undecidable;
    return tables.allows(offset, tables.locate(offset, key), peer) ? allowed : denied;
  };

  const judgeWithReasons = (subject: Slot, direction: Direction, key: number, peer: number): ReasonedSide => {
    if (!subject.isEnforced) return notEnforced;
    const offset = sides.offsetOf(subject.identity, direction, peer);
    if (typeof offset === 'string') return undecided;
    const at = tables.locate(offset, key);
    const isAllowed = tables.allows(offset, at, peer);
    return { verdict: isAllowed ? 'allowed' : 'denied', by: tables.deciders(offset, at, peer, isAllowed) };
  };

  const ask = <T>(flow: Flow, answer: (from: Slot, to: Slot, key: number) => T): T | string => {
    const from = slot(flow.from);
    const to = slot(flow.to);
    if (!from || !to) return `there is no endpoint "${String(from ? flow.to : flow.from)}"`;
    if (from.error !== undefined || to.error !== undefined) return from.error ?? to.error ?? '';
    const key = keyOf(flow, to);
    return typeof key === 'string' ? key : answer(from, to, key);
  };

  const verdictOf = (from: Slot, to: Slot, key: number): Verdict => {
    const egress = judge(from, 'egress', key, to.place);
    const ingress = judge(to, 'ingress', key, from.place);
    const verdict = verdicts[egress * sideVerdicts.length + ingress] ?? failed('');
    return verdict.verdict === 'error' ? withError(verdict, errorOf({ from, to }, sides)) : verdict;
  };

  const decide = (from: Slot, to: Slot, key: number): DecidedVerdict => {
    const egress = judgeWithReasons(from, 'egress', key, to.place);
    const ingress = judgeWithReasons(to, 'ingress', key, from.place);
    const verdict = bothSides(egress.verdict, ingress.verdict);
    const decidedBy =
      ingress.by.length === 0 ? egress.by : egress.by.length === 0 ? ingress.by : [...egress.by, ...ingress.by];
    const decided = { egress: egress.verdict, ingress: ingress.verdict, verdict, decidedBy };
    return verdict === 'error' ? { ...decided, error: errorOf({ from, to }, sides) } : decided;
  };

  const explainFlow = (flow: Flow): Explanation => {
    const answer = ask(flow, (from, to, key) => explain({ flow, from, to, key }, state, sides));
    if (typeof answer !== 'string') return answer;
    const nothing = {
      verdict: 'error',
      reason: 'undecidable',
      decidedBy: [],
      policies: [],
      walk: [],
      authentication: [],
    } as const;
    const noSides = {
      egress: { ...nothing, direction: 'egress' },
      ingress: { ...nothing, direction: 'ingress' },
    } as const;
    return { ...failed(answer), decidedBy: [], sides: noSides, nearest: [] };
  };

  return {
    state,
    verdict(flow) {
      if (flow.http || flow.dns) return plain(explainFlow(flow));
      const answer = ask(flow, verdictOf);
      return typeof answer === 'string' ? failed(answer) : answer;
    },
    decide(flow) {
      if (flow.http || flow.dns) {
        const explanation = explainFlow(flow);
        return { ...plain(explanation), decidedBy: explanation.decidedBy };
      }
      const answer = ask(flow, decide);
      return typeof answer === 'string' ? { ...failed(answer), decidedBy: [] } : answer;
    },
    explain: explainFlow,
    update: (changes) => engineOf(changeState(state, changes)),
    compiled: () => compiledOf(state, sides.sideOf),
  };
}

function plain({ egress, ingress, verdict, error }: Verdict): Verdict {
  return withError({ egress, ingress, verdict }, error);
}

function withError(verdict: Verdict, error: string | undefined): Verdict {
  return error === undefined ? verdict : { ...verdict, error };
}

function failed(error: string): Verdict {
  return { egress: 'error', ingress: 'error', verdict: 'error', error };
}

interface ReasonedSide {
  readonly verdict: SideVerdict;
  readonly by: readonly Decider[];
}

const notEnforced: ReasonedSide = { verdict: 'none', by: [] };
const undecided: ReasonedSide = { verdict: 'error', by: [] };

const sideVerdicts = ['allowed', 'denied', 'none', 'error'] as const;
const [allowed, denied, none, undecidable] = [0, 1, 2, 3] as const;

/** Every combination once, so that a verdict costs no memory. */
const verdicts: readonly Verdict[] = sideVerdicts.flatMap((egress) =>
  sideVerdicts.map((ingress) => Object.freeze({ egress, ingress, verdict: bothSides(egress, ingress) })),
);

/** The key of a flow's protocol and port; a sentence where it has none. */
function keyOf({ port = 0, protocol }: Flow, to: Slot): number | string {
  const place =
    protocol === undefined || protocol === '' || protocol === 'TCP' ? 0 : protocol === 'UDP' ? 1 : placeOf(protocol);
  if (place < 0) return `"${protocol}" is not a protocol; one of ${protocols.join(', ')} is`;
  if (typeof port === 'number') {
    return Number.isInteger(port) && port >= 0 && port < keysPerProtocol
      ? place * keysPerProtocol + port
      : noPort(port);
  }
  if (/^[0-9]{1,5}$/.test(port)) return keyOf({ from: '', to: '', port: Number(port), protocol }, to);
  if (!isPortName(port)) return noPort(port);
  const named = to.identity.ports.get(port.toLowerCase());
  if (named && named.protocol === protocols[place]) return place * keysPerProtocol + named.port;
  return `the destination "${to.endpoint.id}" has no port named "${port}" of ${protocols[place]}`;
}

function noPort(port: number | string): string {
  return `"${port}" is neither a port number (0 to 65535) nor a port name`;
}
