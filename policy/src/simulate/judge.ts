import { keysPerProtocol, placeOf } from '../model/protocol.ts';
import type { Judgement } from './classify.ts';
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
  const judged = new Uint8Array(questions.keys.length);
  for (let place = 0; place < judged.length; place += 1) judged[place] = ask(place);
  return judged;
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
  const isSameTable = old.engine.state.tables === next.engine.state.tables;
  const isTouched = (end: number, direction: 'egress' | 'ingress'): boolean => {
    if (next.enforced[end] !== 1) return false;
    if (!isSameTable) return true;
    return old.offsetOf(end, direction, 0) !== next.offsetOf(end, direction, 0);
  };
  return Uint8Array.from(next.places.subarray(0, count), (place, end) => {
    const sides = Number(isTouched(end, 'egress')) + 2 * Number(isTouched(end, 'ingress'));
    return sides + 4 * Number(old.places[end] !== place);
  });
}

interface Gate {
  judge(end: number, key: number, peer: number): number;
  /** Whether a rule denies; otherwise nothing allows. */
  isByRule(end: number, key: number, peer: number): boolean;
}

/** One direction of all ends, each looked up once. */
function createGate(stand: Stand, direction: 'egress' | 'ingress'): Gate {
  const { tables } = stand.engine.state;
  const offsets = new Int32Array(stand.places.length).fill(notAsked);
  return {
    judge(end, key, peer) {
      if (stand.enforced[end] !== 1) return allowed;
      let offset = offsets[end] ?? notAsked;
      if (offset === notAsked || (offset >= 0 && !tables.knows(offset, peer))) {
        const found = stand.offsetOf(end, direction, peer);
        offset = typeof found === 'string' ? undecided : found;
        offsets[end] = offset;
      }
      if (offset === undecided) return unknown;
      return tables.allows(offset, tables.locate(offset, key), peer) ? allowed : denied;
    },
    isByRule(end, key, peer) {
      const offset = offsets[end] ?? undecided;
      return offset >= 0 && tables.deciders(offset, tables.locate(offset, key), peer)[0]?.effect === 'deny';
    },
  };
}

const notAsked = -1;
const undecided = -2;

function asker({ from, to, keys, nameless }: Questions, stand: Stand): (place: number) => number {
  const [egress, ingress] = [createGate(stand, 'egress'), createGate(stand, 'ingress')];
  const { places, anyName } = stand;
  return (place) => {
    const source = from[place] ?? 0;
    const target = to[place] ?? 0;
    const key = keys[place] ?? -1;
    const sourceIs = places[source] ?? -1;
    const targetIs = places[target] ?? -1;
    if (key < 0 || sourceIs < 0 || targetIs < 0) return unknown;
    const into = ingress.judge(target, key, sourceIs);
    if (into !== allowed) return into;
    const out = egress.judge(source, key, targetIs);
    if (out !== denied || nameless[target] !== 1 || anyName < 0) return out;
    if (egress.judge(source, key, anyName) !== allowed) return denied;
    return egress.isByRule(source, key, targetIs) ? denied : doubt;
  };
}

function keyOf({ protocol, port }: ObservedConnection): number {
  const place = placeOf(protocol);
  return place < 0 || port === null || port < 0 || port >= keysPerProtocol ? -1 : place * keysPerProtocol + port;
}

function isNameless({ endpoint }: ObservedEnd): boolean {
  return endpoint?.cidr !== undefined && endpoint.entity === undefined && (endpoint.names ?? []).length === 0;
}
