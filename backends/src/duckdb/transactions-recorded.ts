import type { Coverage, Gap, Window } from '@bartizan/api';
import { sharedSpan } from '@bartizan/waf';
import type { GapNote, LogFile } from '../transaction-store.ts';
import type { Scope } from '../scope.ts';
import type { SourceSpan } from './transactions-query.ts';
import type { Deleted } from './transactions-retention.ts';

/** What is known of the logs: their files, and what could not be read. */
export interface RecordedLogs {
  readonly files: ReadonlyMap<number, LogFile>;
  readonly gaps: ReadonlyMap<string, GapNote>;
  /** What was deleted because it was old, or too much. */
  readonly deleted: Deleted | null;
}

type Kind = LogFile['kind'];

export function sourcesOf({ files }: RecordedLogs, scope: Scope): string[] {
  const known = [...new Set([...files.values()].map(({ source }) => source))];
  return scope.kind === 'all' ? known : known.filter((source) => scope.sources.includes(source));
}

/** The time that a kind of log of a source covers, from its first record that is kept to the last or to when all of it had been read. */
export function spanOf({ files, deleted }: RecordedLogs, source: string, kind: Kind): SourceSpan | null {
  const own = [...files.values()].filter((file) => file.source === source && file.kind === kind);
  const starts = own.flatMap(({ firstMs }) => (firstMs === null ? [] : [firstMs]));
  const ends = own.flatMap(({ lastMs, caughtUpMs }) => [lastMs, caughtUpMs].filter((ms) => ms !== null));
  const fromMs = Math.max(Math.min(...starts), deleted?.beforeMs ?? -Infinity);
  const toMs = Math.max(...ends);
  return starts.length === 0 || fromMs > toMs ? null : { source, fromMs, toMs };
}

/** The time that both logs of a source cover. */
export function bothSpan(recorded: RecordedLogs, source: string): SourceSpan | null {
  const access = spanOf(recorded, source, 'access');
  const audit = spanOf(recorded, source, 'audit');
  const shared = access && audit && sharedSpan(access, audit);
  return shared && { source, ...shared };
}

export function covers(recorded: RecordedLogs, question: { scope: Scope; kind: Kind; window: Window }): boolean {
  const { scope, kind, window } = question;
  return sourcesOf(recorded, scope).some((source) => {
    const span = spanOf(recorded, source, kind);
    return span !== null && span.fromMs < window.toMs && span.toMs >= window.fromMs;
  });
}

export function coverageOf(recorded: RecordedLogs, { window, scope }: { window: Window; scope: Scope }): Coverage {
  const sources = sourcesOf(recorded, scope);
  const gaps = [
    ...sources.flatMap((source) => deletions(recorded, { source, window })),
    ...sources.flatMap((source) => beginnings(recorded, { source, window })),
    ...[...recorded.gaps.values()].filter((gap) => isInside(gap, { sources, window })).map(asGap),
  ];
  return {
    from: iso(window.fromMs),
    to: iso(window.toMs),
    sources: sources.map((source) => ({ source, newest: newestOf(recorded, source) })),
    complete: gaps.length === 0,
    gaps,
  };
}

function asGap({ key: _key, ...gap }: GapNote): Gap {
  return gap;
}

function isInside(gap: Gap, { sources, window }: { sources: readonly string[]; window: Window }): boolean {
  const from = gap.from === undefined ? -Infinity : Date.parse(gap.from);
  const to = gap.to === undefined ? Infinity : Date.parse(gap.to);
  return sources.includes(gap.source) && from < window.toMs && to >= window.fromMs;
}

function newestOf({ files }: RecordedLogs, source: string): string | null {
  const last = [...files.values()].flatMap((file) => (file.source === source ? [file.lastMs ?? -1] : []));
  const newest = Math.max(-1, ...last);
  return newest < 0 ? null : iso(newest);
}

/** A window that reaches back before what is kept of a log. */
function deletions({ files, deleted }: RecordedLogs, { source, window }: { source: string; window: Window }): Gap[] {
  const starts = [...files.values()].flatMap((file) => (file.source === source ? [file.firstMs ?? Infinity] : []));
  const start = Math.max(window.fromMs, Math.min(...starts));
  if (!deleted || start >= deleted.beforeMs) return [];
  const to = Math.min(deleted.beforeMs, window.toMs);
  return start >= to ? [] : [{ source, reason: deleted.reason, from: iso(start), to: iso(to) }];
}

const names = { access: 'access log', audit: 'audit log' } as const;

/** A window that begins before a log does. */
function beginnings(recorded: RecordedLogs, { source, window }: { source: string; window: Window }): Gap[] {
  return (['access', 'audit'] as const).flatMap((kind): Gap[] => {
    const files = [...recorded.files.values()].filter((file) => file.source === source && file.kind === kind);
    if (files.length === 0)
      return kind === 'access' ? [{ source, reason: 'there is no access log, so requests are not counted' }] : [];
    const span = spanOf(recorded, source, kind);
    const hasLine = files.some(({ firstMs }) => firstMs !== null);
    if (!span) return kind === 'access' && !hasLine ? [{ source, reason: 'the access log has no line yet' }] : [];
    const start = kind === 'audit' ? (bothSpan(recorded, source)?.fromMs ?? span.fromMs) : span.fromMs;
    if (start <= window.fromMs || start === recorded.deleted?.beforeMs) return [];
    const from = iso(window.fromMs);
    const to = iso(Math.min(start, window.toMs));
    return [{ source, reason: `the ${names[kind]} begins at ${iso(start)}`, from, to }];
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
