import { fromBinary } from '@bufbuild/protobuf';
import { knownEnd, recordOf } from './decode.ts';
import type { FlowFields, KnownParts } from './decode.ts';
import {
  AggregateSchema,
  EndpointSchema,
  Layer4Schema,
  Layer7Schema,
  PolicySchema,
  ServiceSchema,
  TCPFlagsSchema,
} from './gen/flow/flow_pb.js';
import type { Policy, Service } from './gen/flow/flow_pb.js';
import { createKnownBytes } from './known-bytes.ts';
import type { TextOf } from './known-bytes.ts';
import type { FlowRecord } from './record.ts';
import { bytesOf, emptyFields, inside, once, readBool, readEventType, readTime, skipUnread } from './relay-fields.ts';
import type { OpenFields, WireTime } from './relay-fields.ts';
import { createTimeTexts } from './time.ts';
import { readEnd, readVarint, UnusualWire } from './wire.ts';
import type { WireCursor } from './wire.ts';

/** One event of Relay's stream, and what its envelope says. */
export interface RelayFlow {
  readonly flow: FlowRecord;
  readonly node: string;
  /** Milliseconds since 1970; undefined where the envelope has no time. */
  readonly atMs: number | undefined;
}

/**
 * Reads the messages that Relay sends nearly always, several times as fast as the generated code: what comes again and again (ends,
 * policies) is read once. Null for anything else, also for what is broken: then the generated code says what it is.
 */
export type RelayReader = (bytes: Uint8Array) => RelayFlow | null;

interface ReadFlow extends Omit<KnownParts, 'time'> {
  readonly fields: OpenFields;
  readonly time: WireTime | undefined;
}

/** Field numbers that are read below; `GetFlowsResponse` has other things than flows in 2 and 3. */
const addressFields = new Set([1, 2]);
const flowFields = new Set([
  1, 2, 3, 5, 6, 8, 9, 11, 13, 14, 15, 16, 19, 20, 21, 22, 23, 25, 26, 34, 36, 21_001, 21_002, 21_004, 21_005, 21_007,
  100_000,
]);
const responseFields = new Set([1, 2, 3, 1000, 1001]);

export function createRelayReader(textOf: TextOf): RelayReader {
  const ends = createKnownBytes(textOf, (bytes) => knownEnd(fromBinary(EndpointSchema, bytes)));
  const policies = createKnownBytes(textOf, (bytes): Policy => fromBinary(PolicySchema, bytes));
  const services = createKnownBytes(textOf, (bytes): Service => fromBinary(ServiceSchema, bytes));
  const flags = createKnownBytes(textOf, (bytes) => fromBinary(TCPFlagsSchema, bytes));
  const noEnd = knownEnd(undefined);
  const timeText = createTimeTexts();

  function readText(cursor: WireCursor): string {
    const end = readEnd(cursor);
    const from = cursor.at;
    for (let at = from; at < end; at += 1) if ((cursor.bytes[at] ?? 0) > 0x7f) throw new UnusualWire();
    cursor.at = end;
    return textOf(cursor.bytes, from, end);
  }

  function readAddresses(cursor: WireCursor): NonNullable<FlowFields['IP']> {
    let [source, destination] = ['', ''];
    for (const part = inside(cursor); part.at < part.end;) {
      const tag = readVarint(part);
      if (tag === 10) source = readText(part);
      else if (tag === 18) destination = readText(part);
      else skipUnread(part, tag, addressFields);
    }
    return { source, destination };
  }

  function readLayer4(cursor: WireCursor): NonNullable<FlowFields['l4']> {
    const all = inside(cursor);
    const bytes = bytesOf(all);
    const tag = all.at < all.end ? readVarint(all) : 0;
    if (tag !== 10 && tag !== 18) return fromBinary(Layer4Schema, bytes);
    const value = readPorts(all, tag);
    if (all.at !== all.end) throw new UnusualWire();
    return { protocol: tag === 10 ? { case: 'TCP', value } : { case: 'UDP', value } };
  }

  function readPorts(cursor: WireCursor, protocol: number) {
    let [sourcePort, destinationPort] = [0, 0];
    let known: ReturnType<typeof flags> | undefined;
    for (const part = inside(cursor); part.at < part.end;) {
      const tag = readVarint(part);
      if (tag === 8) sourcePort = readVarint(part);
      else if (tag === 16) destinationPort = readVarint(part);
      else if (tag === 26 && protocol === 10 && known === undefined) known = flags(part);
      else throw new UnusualWire();
    }
    return { sourcePort, destinationPort, flags: known };
  }

  // A tag is the number of its field * 8 + 0 for a number, 2 for what has a length.
  function readFlow(cursor: WireCursor): ReadFlow {
    const fields = emptyFields();
    let [source, destination] = [noEnd, noEnd];
    let time: WireTime | undefined;
    for (const part = inside(cursor); part.at < part.end;) {
      const tag = readVarint(part);
      switch (tag) {
        case 10:
          time = once(time, readTime(part));
          break;
        case 16:
          fields.verdict = readVarint(part);
          break;
        case 24:
          fields.dropReason = readVarint(part);
          break;
        case 42:
          fields.IP = once(fields.IP, readAddresses(part));
          break;
        case 50:
          fields.l4 = once(fields.l4, readLayer4(part));
          break;
        case 66:
          if (source !== noEnd) throw new UnusualWire();
          source = ends(part);
          break;
        case 74:
          if (destination !== noEnd) throw new UnusualWire();
          destination = ends(part);
          break;
        case 90:
          fields.nodeName = readText(part);
          break;
        case 106:
          fields.sourceNames.push(readText(part));
          break;
        case 114:
          fields.destinationNames.push(readText(part));
          break;
        case 122:
          fields.l7 = once(fields.l7, fromBinary(Layer7Schema, bytesOf(inside(part))));
          break;
        case 128:
          fields.reply = readVarint(part) !== 0;
          break;
        case 154:
          fields.eventType = once(fields.eventType, readEventType(part));
          break;
        case 162:
          fields.sourceService = once(fields.sourceService, services(part));
          break;
        case 170:
          fields.destinationService = once(fields.destinationService, services(part));
          break;
        case 176:
          fields.trafficDirection = readVarint(part);
          break;
        case 184:
          fields.policyMatchType = readVarint(part);
          break;
        case 200:
          fields.dropReasonDesc = readVarint(part);
          break;
        case 210:
          fields.isReply = once(fields.isReply, readBool(part));
          break;
        case 274:
          fields.uuid = readText(part);
          break;
        case 288:
          fields.traceReason = readVarint(part);
          break;
        case 168_010:
          fields.egressAllowedBy.push(policies(part));
          break;
        case 168_018:
          fields.ingressAllowedBy.push(policies(part));
          break;
        case 168_034:
          fields.egressDeniedBy.push(policies(part));
          break;
        case 168_042:
          fields.ingressDeniedBy.push(policies(part));
          break;
        case 168_058:
          fields.aggregate = once(fields.aggregate, fromBinary(AggregateSchema, bytesOf(inside(part))));
          break;
        case 800_002:
          fields.Summary = readText(part);
          break;
        default:
          skipUnread(part, tag, flowFields);
      }
    }
    return { fields, time, source, destination };
  }

  function readResponse(all: WireCursor): RelayFlow | null {
    let read: ReadFlow | undefined;
    let node = '';
    let time: WireTime | undefined;
    while (all.at < all.end) {
      const tag = readVarint(all);
      if (tag === 10) read = once(read, readFlow(all));
      else if (tag === 8002) node = readText(all);
      else if (tag === 8010) time = once(time, readTime(all));
      else skipUnread(all, tag, responseFields);
    }
    if (read === undefined) return null;
    const { fields } = read;
    // A field mask may leave out the node and the time; the envelope has them always.
    if (fields.nodeName === '') fields.nodeName = node;
    const atMs = time === undefined ? undefined : time.seconds * 1000 + Math.floor(time.nanos / 1_000_000);
    const own = read.time ?? time;
    const text = own === undefined ? '' : timeText(own.seconds, own.nanos);
    const flow = recordOf(fields, { time: text, source: read.source, destination: read.destination });
    return { flow, node: node || fields.nodeName, atMs };
  }

  return (bytes) => {
    try {
      return readResponse({ bytes, at: 0, end: bytes.length });
    } catch {
      return null;
    }
  };
}
