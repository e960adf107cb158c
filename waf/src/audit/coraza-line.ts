import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseSlashTime } from '../time.ts';
import type { AuditRecord } from './audit-record.ts';
import { readRuleText } from './rule-text.ts';

const lineTime = /(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?/;

/** A line that Coraza's error callback wrote, inside whatever its host puts around it (a time, a level). */
export function readCorazaLine(line: string, context: ReadingContext): Reading<AuditRecord> {
  const start = line.indexOf('[client "');
  const timeMs = timeOf(line, context);
  if (start < 0 || timeMs === null) return failed('the line has no time or no [client "…"]');
  const text = line.slice(start).replaceAll('\\"', '"');
  const message = readRuleText(text);
  return {
    ok: true,
    value: {
      dialect: 'coraza-line',
      id: message.uniqueId || null,
      timeMs,
      client: /^\[client "([^"]*)"/.exec(text)?.[1] ?? '',
      method: '',
      uri: message.uri,
      httpVersion: null,
      host: message.hostname.toLowerCase(),
      userAgent: null,
      status: null,
      engine: message.isDenial ? 'on' : 'unknown',
      stopped: message.isDenial ? true : null,
      components: [],
      messages: message.id === '' ? [] : [message],
      request: null,
      response: null,
    },
  };
}

function timeOf(line: string, context: ReadingContext): number | null {
  const match = lineTime.exec(line);
  if (!match) return null;
  const date = (match[1] ?? '').replaceAll('-', '/');
  const wall = parseSlashTime(
    `${date} ${match[2]}`,
    match[4] === undefined ? context.zone : { name: '', toUtcMs: (ms) => ms },
  );
  if (wall === null) return null;
  const offset = /([+-])(\d\d):(\d\d)/.exec(match[4] ?? '');
  const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
  return wall - minutes * 60_000 + Math.floor(Number(`0.${match[3] ?? '0'}`) * 1000);
}
