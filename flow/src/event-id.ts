import type { FlowRecord } from './record.ts';

/** An id for an event that came without one: equal events, read twice, get the same. */
export function eventId(record: Omit<FlowRecord, 'id'>): string {
  const { source, destination } = record;
  const said = [
    record.time,
    record.node,
    record.type,
    record.subtype,
    record.verdict,
    record.direction,
    record.protocol,
    source.ip ?? source.pod ?? source.labels.join(','),
    source.port,
    destination.ip ?? destination.pod ?? destination.labels.join(','),
    destination.port,
    record.tcpFlags?.join('') ?? '',
    record.l7 === null ? '' : JSON.stringify(record.l7),
  ];
  return hash64(said.join('|'));
}

const made = /^[0-9a-f]{16}$/;

/** Whether it is the same event as another with its id: Hubble named it, or its time is finer than a second. */
export function isToldApart({ id, time }: Pick<FlowRecord, 'id' | 'time'>): boolean {
  return !made.test(id) || time.includes('.');
}

/** Two 32-bit multiply-and-xor lanes: quick, and good enough to tell events of one window apart; not for secrets. */
export function hash64(text: string): string {
  const [high, low] = hashLanes(text);
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

/** Both lanes as numbers of 32 bits. */
export function hashLanes(text: string): readonly [high: number, low: number] {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high >>> 0, low >>> 0];
}
