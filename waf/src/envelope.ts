import { objectOf, parseJson, textOf } from './audit/json-value.ts';
import type { JsonObject } from './audit/json-value.ts';
import { decodePercent } from './bytes.ts';
import { readContainerMark } from './container-line.ts';
import { parseAnyTime, utc } from './time.ts';

/** What was written, without what carried it here; and when it was, by the carrier's clock, where that says so. */
export interface Opened {
  readonly text: string;
  readonly writtenMs: number | null;
}

/** Docker, Fluent Bit · Filebeat, stern, zerolog · journald · zap (Caddy) · Loki · Splunk. */
const wordsFields = ['log', 'message', 'MESSAGE', 'msg', 'line', '_raw'];
const timeFields = ['time', '@timestamp', 'timestamp', 'ts', '__REALTIME_TIMESTAMP'];

/** A line without the mark of a container runtime, a byte order mark, or zeros that a truncated file is filled with. */
export function openLine(line: string): Opened {
  const mark = readContainerMark(line);
  if (!mark) return { text: /^[ \0\uFEFF]/.test(line) ? line.replace(/^[ \0\uFEFF]+/, '') : line, writtenMs: null };
  return { text: line.slice(mark.from), writtenMs: parseAnyTime(line.slice(0, line.indexOf(' ')), utc) };
}

/** The words in an object of a shipper or a logger; null where it holds none. */
export function openObject(object: JsonObject): Opened | null {
  for (const name of wordsFields) {
    const text = wordsIn(object[name]);
    if (text !== '') return { text: text.replace(/\r?\n$/, ''), writtenMs: writtenMs(object) };
  }
  const original = objectOf(object['event'])['original'];
  if (typeof original === 'string') return { text: original, writtenMs: writtenMs(object) };
  return object['_source'] === undefined ? null : openObject(objectOf(object['_source']));
}

/** `time="2024-06-15T12:12:40Z" level=error msg="…"`; null for any other line. */
export function openLogfmt(line: string): Opened | null {
  if (!/^(?:time|ts|level|lvl)=/.test(line)) return null;
  const words = /(?:^| )(?:msg|message)=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  const time = /(?:^| )(?:time|ts)="?([^\s"]+)/.exec(line)?.[1];
  const text = words === undefined ? undefined : parseJson(words);
  return typeof text === 'string' ? { text, writtenMs: parseAnyTime(time ?? '', utc) } : null;
}

/** journald writes words that are not UTF-8 as a list of bytes. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value) || !value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) return '';
  return decodePercent(value.map((byte: number) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
}

function writtenMs(object: JsonObject): number | null {
  for (const name of timeFields) {
    const ms = parseAnyTime(textOf(object[name]), utc);
    if (ms !== null) return ms;
  }
  return null;
}
