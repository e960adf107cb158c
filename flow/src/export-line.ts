import { fromJson } from './from-json.ts';
import { enumName, field, isObject, numberOf, objectOf, textOf, textsOf } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { LostEventSource } from './gen/flow/flow_pb.js';
import { NodeState } from './gen/relay/relay_pb.js';
import type { FlowRecord } from './record.ts';
import { utcTime } from './time.ts';

/** What one object of an export can be. */
export type ExportEntry =
  | { readonly kind: 'flow'; readonly record: FlowRecord }
  | {
      readonly kind: 'node-status';
      readonly time: string;
      readonly state: string;
      readonly nodes: readonly string[];
      readonly message: string;
    }
  | {
      readonly kind: 'lost-events';
      readonly time: string;
      readonly node: string | null;
      readonly source: string;
      readonly count: number;
    }
  /** Events of the agent and of debugging, which are no flows. */
  | { readonly kind: 'other'; readonly what: string }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * One line of an export: `{"flow":…}` as the exporter and `hubble observe -o jsonpb` write it, a flow without its
 * envelope, an array of either, or one of these inside the line of a log. Blank lines have no entry.
 */
export function readExportLine(line: string): readonly ExportEntry[] {
  const text = line.trim();
  if (text === '') return [];
  const plain = parseJson(text);
  if (plain !== undefined) return readExportValue(plain);
  const wrapped = unwrap(text);
  if (wrapped !== undefined) return readExportValue(wrapped);
  const glued = text.split(betweenObjects);
  if (glued.length > 1) return glued.flatMap(readExportLine);
  return [{ kind: 'broken', reason: reasonOf(text) }];
}

export function readExportValue(value: unknown): readonly ExportEntry[] {
  if (Array.isArray(value)) return value.flatMap(readItem);
  return readItem(value);
}

function readItem(value: unknown): readonly ExportEntry[] {
  if (!isObject(value)) return [{ kind: 'broken', reason: 'neither an object nor a list of objects' }];
  return readObject(objectOf(value['result']) ?? value);
}

function readObject(value: JsonObject): readonly ExportEntry[] {
  const flow = objectOf(value['flow']);
  if (flow !== undefined) return [{ kind: 'flow', record: fromJson(flow, value) }];
  const status = objectOf(field(value, 'node_status', 'nodeStatus'));
  if (status !== undefined) return [nodeStatusOf(status, value)];
  const lost = objectOf(field(value, 'lost_events', 'lostEvents'));
  if (lost !== undefined) return [lostEventsOf(lost, value)];
  for (const what of ['agent_event', 'debug_event']) {
    if (value[what] !== undefined) return [{ kind: 'other', what }];
  }
  if (looksLikeFlow(value)) return [{ kind: 'flow', record: fromJson(value, {}) }];
  const message = ['msg', 'message', 'log', 'line'].map((name) => textOf(value[name])).find((text) => text !== '');
  if (message?.trimStart().startsWith('{') === true) return readExportLine(message);
  return [{ kind: 'broken', reason: 'an object that is no flow, node status or lost event' }];
}

const telling = ['verdict', 'l4', 'event_type', 'eventType', 'traffic_direction', 'trafficDirection', 'Type', 'IP'];

function looksLikeFlow(value: JsonObject): boolean {
  return (
    telling.some((name) => value[name] !== undefined) || (isObject(value['source']) && isObject(value['destination']))
  );
}

function nodeStatusOf(status: JsonObject, envelope: JsonObject): ExportEntry {
  return {
    kind: 'node-status',
    time: utcTime(textOf(envelope['time'])),
    state: enumName(field(status, 'state_change', 'stateChange'), NodeState),
    nodes: textsOf(field(status, 'node_names', 'nodeNames')),
    message: textOf(status['message']),
  };
}

function lostEventsOf(lost: JsonObject, envelope: JsonObject): ExportEntry {
  const node = textOf(field(envelope, 'node_name', 'nodeName'));
  return {
    kind: 'lost-events',
    time: utcTime(textOf(envelope['time'])),
    node: node === '' ? null : node,
    source: enumName(lost['source'], LostEventSource),
    count: numberOf(field(lost, 'num_events_lost', 'numEventsLost')),
  };
}

/** Where a file that did not end with a line end was joined with the next one. */
const betweenObjects = /(?<=\})\s*(?=\{"(?:flow|node_status|lost_events|time)")/;
const quoted = /\b(?:msg|message)=("(?:[^"\\]|\\.)*")/;

/** `level=info msg="{\"flow\":…}"` of the agent's log, or a container's log prefix before the object. */
function unwrap(text: string): unknown {
  const message = quoted.exec(text)?.[1];
  const inner = message === undefined ? undefined : parseJson(message);
  if (typeof inner === 'string') return parseJson(inner);
  const start = text.indexOf('{"');
  return start > 0 ? parseJson(text.slice(start)) : undefined;
}

function reasonOf(text: string): string {
  if (text.includes('{"') && !text.endsWith('}')) return 'cut: the object does not end';
  return 'not JSON';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
