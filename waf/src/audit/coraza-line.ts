import { addressOf } from '../address.ts';
import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseAnyTime } from '../time.ts';
import type { AuditRecord } from './audit-record.ts';
import { hasRule, isDenied, readRuleText } from './rule-text.ts';

const lineTime = /(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:\d\d)?/;

/** A line that Coraza's error callback wrote, inside whatever its host puts around it (a time, a level). */
export function readCorazaLine(line: string, context: ReadingContext): Reading<AuditRecord> {
  const start = line.search(/\[client \\?"/);
  const timeMs = timeOf(line.slice(0, Math.max(start, 0)), context);
  if (start < 0 || timeMs === null) return failed('the line has no time or no [client "…"]');
  // A host that quotes the whole line escapes its quotes, and those that were escaped already twice.
  const words = line.slice(start);
  const text = words.startsWith('[client \\"') ? words.replaceAll(/\\(["\\])/g, '$1') : words;
  const message = readRuleText(text);
  const isStopped = isDenied([message]);
  return {
    ok: true,
    value: {
      dialect: 'coraza-line',
      id: message.uniqueId || null,
      timeMs,
      client: addressOf(/^\[client "([^"]*)"/.exec(text)?.[1] ?? ''),
      method: '',
      uri: message.uri,
      httpVersion: null,
      host: message.hostname.toLowerCase(),
      userAgent: null,
      status: null,
      engine: isStopped ? 'on' : 'unknown',
      stopped: isStopped ? true : null,
      components: [],
      messages: [message].filter(hasRule),
      request: null,
      response: null,
    },
  };
}

function timeOf(before: string, context: ReadingContext): number | null {
  const [, date, time, zone = ''] = lineTime.exec(before) ?? [];
  const written = date === undefined ? null : parseAnyTime(`${date.replaceAll('/', '-')}T${time}${zone}`, context.zone);
  return written ?? context.writtenMs ?? null;
}
