import type { Policy } from '../model/policy.ts';
import { keysPerProtocol, placeOf, protocols } from '../model/protocol.ts';
import { namespaceKey } from '../model/selector.ts';
import type { Explanation } from '../model/explanation.ts';
import type { EndpointDescription, EngineOptions, Flow, World } from '../model/world.ts';
import type { DecidedVerdict, Decider, SideVerdict, Verdict } from '../model/verdict.ts';
import { isPortName } from '../lower/ports.ts';
import { hasBit } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import { compiledOf } from './compiled.ts';
import type { Compiled } from './compiled.ts';
import type { CompiledRule } from './compiled-policy.ts';
import { decidersOf } from './deciders.ts';
import { bothSides, errorOf, explain } from './explain.ts';
import { changeState, createState, slotOf } from './engine-state.ts';
import type { Direction, EngineChanges, EngineState, Slot } from './engine-state.ts';
import type { Identity } from './labels.ts';
import { allows, createSide } from './side.ts';
import type { Side } from './side.ts';

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

  const judge = (subject: Slot, direction: Direction, key: number, peer: number): SideVerdict => {
    if (!subject.isEnforced) return 'none';
    const side = sides(subject.identity, direction, peer);
    if (typeof side === 'string') return 'error';
    return allows(side, key, peer) ? 'allowed' : 'denied';
  };

  const why = (subject: Slot, direction: Direction, key: number, peer: number): readonly Decider[] => {
    if (!subject.isEnforced) return [];
    const side = sides(subject.identity, direction, peer);
    return typeof side === 'string' ? [] : decidersOf(side, key, peer, state.universe);
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
    const egress = judge(from, 'egress', key, to.identity.place);
    const ingress = judge(to, 'ingress', key, from.identity.place);
    const verdict = verdicts[egress][ingress];
    return verdict.verdict === 'error' ? withError(verdict, errorOf({ from, to }, sides)) : verdict;
  };

  const decide = (from: Slot, to: Slot, key: number): DecidedVerdict => {
    const verdict = verdictOf(from, to, key);
    const egress = why(from, 'egress', key, to.identity.place);
    const ingress = why(to, 'ingress', key, from.identity.place);
    const decidedBy = egress.length === 0 ? ingress : ingress.length === 0 ? egress : [...egress, ...ingress];
    const decided = { egress: verdict.egress, ingress: verdict.ingress, verdict: verdict.verdict, decidedBy };
    return verdict.error === undefined ? decided : { ...decided, error: verdict.error };
  };

  const explainFlow = (flow: Flow): Explanation => {
    const answer = ask(flow, (from, to, key) => explain({ flow, from, to, key }, state, sides));
    if (typeof answer !== 'string') return answer;
    const nothing = {
      verdict: 'error',
      reason: 'undecidable',
      decidedBy: [],
      policies: [],
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
    compiled: () =>
      compiledOf(state, (subject, direction) => sides(subject, direction, state.universe.identities.length - 1)),
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

const sideVerdicts = ['allowed', 'denied', 'none', 'error'] as const;

/** Every combination once, so that a verdict costs no memory. */
const verdicts = Object.fromEntries(
  sideVerdicts.map((egress) => [
    egress,
    Object.fromEntries(
      sideVerdicts.map((ingress) => [ingress, Object.freeze({ egress, ingress, verdict: bothSides(egress, ingress) })]),
    ),
  ]),
) as Readonly<Record<SideVerdict, Readonly<Record<SideVerdict, Verdict>>>>;

/** The key of a flow's protocol and port; a sentence where it has none. */
function keyOf({ port = 0, protocol }: Flow, to: Slot): number | string {
  const place = protocol === undefined || protocol === '' ? 0 : placeOf(protocol);
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

/** Sides by identity, made when first asked for and again when the universe has grown past them. */
function sideSource(state: EngineState): (subject: Identity, direction: Direction, peer: number) => Side | string {
  const { universe, options } = state;
  const rules = { ingress: rulesOf(state, 'ingress'), egress: rulesOf(state, 'egress') };
  const undecidable = [...state.policies.values()].filter(({ policy }) => policy.undecidable !== undefined);
  const hosts = universe.conditionOf({
    type: 'labels',
    requirements: [{ source: 'reserved', key: 'host', operator: 'In', values: [''] }],
  });

  const make = (subject: Identity, direction: Direction): Side | string => {
    const isHost = subject.labels.get('host')?.source === 'reserved';
    const namespace = subject.labels.get(namespaceKey)?.value;
    const chance = undecidable.find(({ policy }) => policy.namespace === '' || policy.namespace === namespace);
    if (chance) return `${chance.policy.ref}: ${chance.policy.undecidable}`;
    const selecting =
      options.enablePolicy === 'never'
        ? []
        : rules[direction].filter(
            ({ rule, bits }) => (rule.rule.subjectIs === 'node') === isHost && hasBit(bits, subject.place),
          );
    const selected = selecting.map(({ rule }) => rule);
    const isAlways = options.enablePolicy === 'always' || subject.labels.has('init');
    const isDefaultDeny =
      options.enablePolicy !== 'never' && (isAlways || selected.some(({ rule }) => rule.defaultDeny));
    const isExempt = direction === 'ingress' && selected.length > 0 && !options.noAllowLocalhost && !isHost;
    const exempt = isExempt ? universe.matching(hosts) : undefined;
    return createSide({ universe, subject, rules: selected, isDefaultDeny, exempt });
  };

  return (subject, direction, peer) => {
    const known = state.sides[direction][subject.place];
    if (known && peer < known.count) return known;
    const side = make(subject, direction);
    if (typeof side !== 'string') state.sides[direction][subject.place] = side;
    return side;
  };
}

function rulesOf(state: EngineState, direction: Direction): readonly { rule: CompiledRule; readonly bits: Bitset }[] {
  return [...state.policies.values()].flatMap(({ rules }) =>
    rules
      .filter((rule) => rule.direction === direction)
      .map((rule) => ({
        rule,
        get bits() {
          return state.universe.matchingExactly(rule.subject);
        },
      })),
  );
}
