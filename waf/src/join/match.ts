import type { AccessLine } from '../access/access-line.ts';
import type { BriefRecord } from '../audit/audit-record.ts';

/** What a request is found by in the other log: who asked, and for what. */
export function joinKey({ client, uri }: { readonly client: string; readonly uri: string }): string {
  const absolute = uri.startsWith('/') ? null : /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(uri);
  const asked = absolute ? uri.slice(absolute[0].length) : uri;
  return `${client} ${asked.includes('\uFFFD') ? asked.replaceAll(/\uFFFD+/g, '\uFFFD') : asked}`;
}

const second = (ms: number): number => Math.floor(ms / 1000);

/**
 * How well a record and a line of the same client and URI fit; 0 where they cannot be one request. The record has the time
 * of the request's beginning, the line that of its end; nginx caches its clock, so the line can be a second early.
 */
export function fitOf(record: BriefRecord, line: AccessLine): number {
  if (record.id !== null && record.id === line.requestId) return 100;
  if (record.method !== '' && line.method !== '' && record.method !== line.method) return 0;
  const away = distance(record, line);
  if (away > 1) return 0;
  const hasStatus = record.status !== null && record.status === line.status;
  const hasAgent = record.userAgent !== null && record.userAgent === line.userAgent;
  return 10 - away + (hasStatus ? 20 : 0) + (hasAgent ? 5 : 0);
}

function distance(record: BriefRecord, line: AccessLine): number {
  const fromEnd = Math.abs(second(line.timeMs) - second(record.timeMs));
  if (line.durationMs === null || fromEnd <= 1) return fromEnd;
  return Math.min(fromEnd, Math.abs(second(line.timeMs - line.durationMs) - second(record.timeMs)));
}
