import type { FlowFields } from './decode.ts';
import type { Policy } from './gen/flow/flow_pb.js';
import { readEnd, readVarint, skipField, UnusualWire } from './wire.ts';
import type { WireCursor } from './wire.ts';

export interface WireTime {
  readonly seconds: number;
  readonly nanos: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export interface OpenFields extends Mutable<FlowFields> {
  ingressAllowedBy: Policy[];
  egressAllowedBy: Policy[];
  ingressDeniedBy: Policy[];
  egressDeniedBy: Policy[];
}

export function emptyFields(): OpenFields {
  return {
    verdict: 0,
    dropReason: 0,
    dropReasonDesc: 0,
    traceReason: 0,
    trafficDirection: 0,
    policyMatchType: 0,
    eventType: undefined,
    isReply: undefined,
    reply: false,
    nodeName: '',
    sourceNames: [],
    destinationNames: [],
    uuid: '',
    Summary: '',
    IP: undefined,
    l4: undefined,
    l7: undefined,
    sourceService: undefined,
    destinationService: undefined,
    aggregate: undefined,
    ingressAllowedBy: [],
    egressAllowedBy: [],
    ingressDeniedBy: [],
    egressDeniedBy: [],
  };
}

/** Messages in the same place twice would be one, joined. */
export function once<T>(known: T | undefined, next: T): T {
  if (known !== undefined) throw new UnusualWire();
  return next;
}

/** The message that comes at the cursor, which goes on behind it. */
export function inside(cursor: WireCursor): WireCursor {
  const end = readEnd(cursor);
  const part = { bytes: cursor.bytes, at: cursor.at, end };
  cursor.at = end;
  return part;
}

export function bytesOf({ bytes, at, end }: WireCursor): Uint8Array {
  return bytes.subarray(at, end);
}

export function readTime(cursor: WireCursor): WireTime {
  const [seconds, nanos] = readTwo(cursor);
  return { seconds, nanos };
}

export function readEventType(cursor: WireCursor): NonNullable<FlowFields['eventType']> {
  const [type, subType] = readTwo(cursor);
  return { type, subType };
}

/** A message of at most two numbers. */
function readTwo(cursor: WireCursor): readonly [number, number] {
  let [first, second] = [0, 0];
  for (const part = inside(cursor); part.at < part.end;) {
    const tag = readVarint(part);
    if (tag === 8) first = readVarint(part);
    else if (tag === 16) second = readVarint(part);
    else throw new UnusualWire();
  }
  return [first, second];
}

/** `google.protobuf.BoolValue` */
export function readBool(cursor: WireCursor): boolean {
  const [value, none] = readTwo(cursor);
  if (none !== 0) throw new UnusualWire();
  return value !== 0;
}

/** Passes over a field, unless it is one of those that are read, in another form. */
export function skipUnread(cursor: WireCursor, tag: number, read: ReadonlySet<number>): void {
  if (tag < 8 || read.has(tag >>> 3)) throw new UnusualWire();
  skipField(cursor, tag);
}
