import { keysPerProtocol, placeOf } from '../model/protocol.ts';
import type { Judgement } from './classify.ts';
import type { ConnectionColumns, ObservedEnd } from './observed.ts';
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

export function questionsOf(ends: readonly ObservedEnd[], columns: ConnectionColumns): Questions {
  const { from, to, port, protocol, protocols } = columns;
  const bases = protocols.map((name) => placeOf(name) * keysPerProtocol);
  const keys = new Int32Array(from.length);
  for (let place = 0; place < keys.length; place += 1) {
    const base = bases[protocol[place] ?? 0] ?? -1;
    const number = port[place] ?? -1;
    keys[place] = base < 0 || number < 0 || number >= keysPerProtocol ? -1 : base + number;
  }
  return { from, to, keys, nameless: Uint8Array.from(ends, (end) => Number(isNameless(end))) };
}

/** By connection, the place of its judgement in `judgements`. */
export function judgeAll(questions: Questions, stand: Stand): Uint8Array {
  const ask = asker(questions, stand);
  const judged = new Uint8Array(questions.keys.length);
  for (let place = 0; place < judged.length; place += 1) judged[place] = ask(place);
  return judged;
}

/**
 * The same for a stand that grew from another one: only what the change can have touched is asked again, and told of to
 * `asked` with its new judgement.
 */
export function judgeAgain(
  questions: Questions,
  stand: Stand,
  old: { stand: Stand; judged: Uint8Array },
  asked: (connection: number, after: number) => void,
): Uint8Array {
  const { from, to, nameless } = questions;
  const sources = touchedEnds(old.stand, stand, 'egress');
  const targets = touchedEnds(old.stand, stand, 'ingress');
  if (stand.anyName !== old.stand.anyName) {
    for (let end = 0; end < nameless.length; end += 1) targets[end] = (targets[end] ?? 0) | (nameless[end] ?? 0);
  }
  const ask = asker(questions, stand);
  const judged = old.judged.slice();
  for (const place of touchedPlaces({ from, to }, sources, targets)) {
    const after = ask(place);
    judged[place] = after;
    asked(place, after);
  }
  return judged;
}

/** A loop of its own, over all there is, that is compiled once. */
function touchedPlaces(
  { from, to }: Pick<Questions, 'from' | 'to'>,
  sources: Uint8Array,
  targets: Uint8Array,
): number[] {
  const touched: number[] = [];
  for (let place = 0; place < from.length; place += 1)
    if (((sources[from[place] ?? 0] ?? 0) | (targets[to[place] ?? 0] ?? 0)) !== 0) touched.push(place);
  return touched;
}

/** By end, 1 where one of its sides changed, or where it is someone else to policies. */
function touchedEnds(old: Stand, next: Stand, direction: 'egress' | 'ingress'): Uint8Array {
  const isSameTable = old.engine.state.tables === next.engine.state.tables;
  const touched = new Uint8Array(next.places.length);
  for (let end = 0; end < touched.length; end += 1) {
    const isSameEnd = old.places[end] === next.places[end];
    const isOpen = next.enforced[end] !== 1;
    const isSame =
      isSameEnd && (isOpen || (isSameTable && old.offsetOf(end, direction, 0) === next.offsetOf(end, direction, 0)));
    touched[end] = isSame ? 0 : 1;
  }
  return touched;
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
      return offset >= 0 && tables.deciders(offset, tables.locate(offset, key), peer, false)[0]?.effect === 'deny';
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

function isNameless({ endpoint }: ObservedEnd): boolean {
  return endpoint?.cidr !== undefined && endpoint.entity === undefined && (endpoint.names ?? []).length === 0;
}
