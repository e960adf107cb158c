import { keysPerProtocol, placeOf } from '../model/protocol.ts';
import type { Judgement } from './classify.ts';
import { isSameGate, lets } from './gate.ts';
import type { Gate } from './gate.ts';
import type { Observed, ObservedConnection, ObservedEnd } from './observed.ts';
import type { Stand } from './stand.ts';

/** The connections as numbers: asking for all of them costs no objects. */
export interface Questions {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Protocol and port (`model/protocol.ts`), -1 where they were not recorded. */
  readonly keys: Int32Array;
  /** By end, 1 for an address outside that no DNS name was recorded for. */
  readonly nameless: Uint8Array;
}

export const judgements = ['allowed', 'denied', 'doubt', 'unknown'] as const satisfies readonly Judgement[];
const [allowed, denied, doubt, unknown] = [0, 1, 2, 3] as const;

export function questionsOf({ ends, connections }: Observed): Questions {
  return {
    from: Int32Array.from(connections, ({ from }) => from),
    to: Int32Array.from(connections, ({ to }) => to),
    keys: Int32Array.from(connections, keyOf),
    nameless: Uint8Array.from(ends, (end) => Number(isNameless(end))),
  };
}

/** By connection, the place of its judgement in `judgements`. */
export function judgeAll(questions: Questions, stand: Stand): Uint8Array {
  const ask = asker(questions, stand);
  return Uint8Array.from(questions.keys, (_, place) => ask(place));
}

/** The same for a stand that grew from another one: only what the change can have touched is asked again. */
export function judgeAgain(questions: Questions, stand: Stand, old: { stand: Stand; judged: Uint8Array }): Uint8Array {
  const touched = touchedEnds(questions.nameless.length, old.stand, stand);
  const probeMoved = stand.anyName !== old.stand.anyName;
  const ask = asker(questions, stand);
  const judged = old.judged.slice();
  const { from, to, nameless } = questions;
  for (let place = 0; place < judged.length; place += 1) {
    const [source, target] = [from[place] ?? 0, to[place] ?? 0];
    const isTouched = ((touched[source] ?? 0) & 0b101) !== 0 || ((touched[target] ?? 0) & 0b110) !== 0;
    if (isTouched || (probeMoved && nameless[target] === 1)) judged[place] = ask(place);
  }
  return judged;
}

/** Bits by end: 1 its egress changed, 2 its ingress changed, 4 it is someone else to policies. */
function touchedEnds(count: number, old: Stand, next: Stand): Uint8Array {
  const touched = new Uint8Array(count);
  for (let end = 0; end < count; end += 1) {
    const bits =
      Number(!isSameGate(old.gate(end, 'egress'), next.gate(end, 'egress'))) +
      2 * Number(!isSameGate(old.gate(end, 'ingress'), next.gate(end, 'ingress'))) +
      4 * Number(old.places[end] !== next.places[end]);
    touched[end] = bits;
  }
  return touched;
}

function asker({ from, to, keys, nameless }: Questions, stand: Stand): (place: number) => number {
  const gates = (direction: 'egress' | 'ingress'): (Gate | string | undefined)[] =>
    Array.from(nameless, (_, end) => stand.gate(end, direction));
  const [egress, ingress] = [gates('egress'), gates('ingress')];
  const { places, anyName } = stand;
  return (place) => {
    const [source, target, key] = [from[place] ?? 0, to[place] ?? 0, keys[place] ?? -1];
    const [sourceIs, targetIs] = [places[source] ?? -1, places[target] ?? -1];
    const [out, into] = [egress[source], ingress[target]];
    if (key < 0 || sourceIs < 0 || targetIs < 0 || typeof out === 'string' || typeof into === 'string') return unknown;
    if (into !== undefined && !lets(into, key, sourceIs)) return denied;
    if (out === undefined || lets(out, key, targetIs)) return allowed;
    return nameless[target] === 1 && anyName >= 0 && lets(out, key, anyName) ? doubt : denied;
  };
}

function keyOf({ protocol, port }: ObservedConnection): number {
  const place = placeOf(protocol);
  return place < 0 || port === null || port < 0 || port >= keysPerProtocol ? -1 : place * keysPerProtocol + port;
}

function isNameless({ endpoint }: ObservedEnd): boolean {
  return endpoint?.cidr !== undefined && endpoint.entity === undefined && (endpoint.names ?? []).length === 0;
}
