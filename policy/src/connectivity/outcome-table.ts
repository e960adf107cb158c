import { keysOf, keysPerProtocol, portProtocols, protocolAt, protocols } from '../model/protocol.ts';
import type { Protocol } from '../model/protocol.ts';
import { intersect, intervalSet, union } from './interval-set.ts';
import type { IntervalSet } from './interval-set.ts';

/** The ports of one protocol, ascending and merged; for ICMP types. Empty where the protocol has no ports. */
export interface Connection {
  readonly protocol: Protocol;
  readonly ports: readonly (readonly [first: number, last: number])[];
}

/**
 * What may pass between two ends: keys of protocols and ports (`keysOf`), and of those beyond TCP, UDP and SCTP the
 * ones that a rule names: "everything" does not list the protocols that nobody spoke of.
 */
export interface Outcome {
  readonly allowed: IntervalSet;
  readonly named: IntervalSet;
}

/** Outcomes by number: equal ones have the same, so that comparing and combining them costs next to nothing. */
export interface OutcomeTable {
  readonly nothing: number;
  readonly everything: number;
  numberOf(outcome: Outcome): number;
  /** What both sides let through. */
  both(a: number, b: number): number;
  /** What one of two lets through. */
  either(a: number, b: number): number;
  /** For people; the same list for the same outcome. */
  connectionsOf(number: number): readonly Connection[];
  /** The number of all outcomes that read the same. */
  shownOf(number: number): number;
}

const listed = intervalSet(portProtocols.map((protocol) => intervalOf(protocol, 1, keysPerProtocol - 1)));
export const everyKey = intervalSet(protocols.map((protocol) => intervalOf(protocol, 0, keysPerProtocol - 1)));

export function createOutcomeTable(): OutcomeTable {
  const outcomes: Outcome[] = [];
  const numbers = new Map<string, number>();
  const shown = new Map<number, { readonly number: number; readonly connections: readonly Connection[] }>();
  const shownNumbers = new Map<string, number>();
  const met = new Map<number, number>();
  const joined = new Map<number, number>();

  const numberOf = (outcome: Outcome): number => {
    const key = `${outcome.allowed.join()}|${outcome.named.join()}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, outcomes.length);
    return outcomes.push(outcome) - 1;
  };
  const nothing = numberOf({ allowed: [], named: [] });
  const everything = numberOf({ allowed: everyKey, named: [] });
  const outcomeAt = (number: number): Outcome => {
    const outcome = outcomes[number];
    if (outcome === undefined) throw new Error(`No outcome ${number}`);
    return outcome;
  };
  const combined = (memo: Map<number, number>, a: number, b: number, combine: typeof union): number => {
    const key = Math.min(a, b) * 0x400_0000 + Math.max(a, b);
    const known = memo.get(key);
    if (known !== undefined) return known;
    const [left, right] = [outcomeAt(a), outcomeAt(b)];
    const number = numberOf({
      allowed: combine(left.allowed, right.allowed),
      named: union(left.named, right.named),
    });
    memo.set(key, number);
    return number;
  };
  const show = (number: number): { readonly number: number; readonly connections: readonly Connection[] } => {
    const known = shown.get(number);
    if (known !== undefined) return known;
    const { allowed, named } = outcomeAt(number);
    const visible = intersect(allowed, union(listed, named));
    const key = visible.join();
    const first = shownNumbers.get(key);
    const made = first === undefined ? { number, connections: connectionsIn(visible) } : show(first);
    if (first === undefined) shownNumbers.set(key, number);
    shown.set(number, made);
    return made;
  };

  return {
    nothing,
    everything,
    numberOf,
    both(a, b) {
      if (a === nothing || b === nothing) return nothing;
      if (a === b) return a;
      if (a === everything || b === everything) return a === everything ? b : a;
      return combined(met, a, b, intersect);
    },
    either: (a, b) => (a === b ? a : combined(joined, a, b, union)),
    connectionsOf: (number) => show(number).connections,
    shownOf: (number) => show(number).number,
  };
}

function intervalOf(protocol: Protocol, firstPort: number, lastPort: number): readonly [number, number] {
  const { first, last } = keysOf(protocol, firstPort, lastPort);
  return [first, last];
}

function connectionsIn(keys: IntervalSet): Connection[] {
  return protocols.flatMap((protocol): Connection[] => {
    const { first, last } = keysOf(protocol, 0, keysPerProtocol - 1);
    const own = intersect(keys, [first, last]);
    if (own.length === 0) return [];
    const ports = Array.from({ length: own.length / 2 }, (_, place) =>
      portsOf(protocol, (own[2 * place] ?? first) - first, (own[2 * place + 1] ?? first) - first),
    );
    return [{ protocol: protocolAt(first), ports: ports.flat() }];
  });
}

/** ICMP's types end at 255; other protocols than these have no ports. */
function portsOf(protocol: Protocol, first: number, last: number): [number, number][] {
  if (protocol === 'ICMP' || protocol === 'ICMPv6') return first > 255 ? [] : [[first, Math.min(last, 255)]];
  return portProtocols.some((each) => each === protocol) ? [[first, last]] : [];
}
