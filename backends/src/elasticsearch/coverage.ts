import type { Coverage, Gap, Window } from '@bartizan/api';
import type { Scope } from '../scope.ts';
import { SourceError } from '../source-error.ts';
import type { Layout } from './layout.ts';
import { mostRead } from './recorded.ts';
import type { Recorded } from './recorded.ts';
import { attributed, bothOf, isTold } from './tally.ts';
import type { Spans } from './tally.ts';

export interface CoverageAsked {
  readonly source: string;
  readonly window: Window;
  readonly scope: Scope;
  readonly hasSource: boolean;
  readonly layout: Layout;
  readonly recorded: Recorded;
  readonly attribute: (upstream: string | null) => string | null;
}

/** What is known of the window. A source that does not answer is a gap, not an error: the page says so and stands. */
export async function coverageOf(asked: CoverageAsked): Promise<Coverage> {
  const { source, window } = asked;
  const whole = { from: iso(window.fromMs), to: iso(window.toMs) };
  if (!asked.hasSource) return { ...whole, sources: [], complete: true, gaps: [] };
  try {
    const { spans } = await asked.layout.known();
    const gaps = [...beginnings(source, spans, window), ...(await unreadGaps(asked))];
    const newestMs = Math.max(spans.audit?.toMs ?? -1, spans.access?.toMs ?? -1);
    const newest = newestMs < 0 ? null : iso(newestMs);
    return { ...whole, sources: [{ source, newest }], complete: gaps.length === 0, gaps };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const gaps = [{ source, reason: error.message }];
    return { ...whole, sources: [{ source, newest: null }], complete: false, gaps };
  }
}

const names = { access: 'access log', audit: 'audit log' } as const;

/** A window that begins before a log does. */
function beginnings(source: string, spans: Spans, window: Window): Gap[] {
  return (['access', 'audit'] as const).flatMap((side): Gap[] => {
    const span = spans[side];
    if (span === null)
      return side === 'access'
        ? [{ source, reason: 'its indices have no access lines, so requests are not counted' }]
        : [{ source, reason: 'its indices have no audit records' }];
    const start = side === 'audit' ? Math.min(span.fromMs, bothOf(spans)?.fromMs ?? span.fromMs) : span.fromMs;
    if (start <= window.fromMs) return [];
    const to = iso(Math.min(start, window.toMs));
    return [
      {
        source,
        reason: `the ${names[side]} begins at ${iso(start).replace('.000Z', 'Z')}`,
        from: iso(window.fromMs),
        to,
      },
    ];
  });
}

async function unreadGaps({ source, window, scope, layout, recorded, attribute }: CoverageAsked): Promise<Gap[]> {
  const { profile } = await layout.known();
  const [records, lines] = await Promise.all([recorded.records(profile, window), recorded.lines(profile, window)]);
  const gaps: Gap[] = [];
  if (records === null)
    gaps.push({
      source,
      reason: `the window has more than ${mostRead} audit records, too many to read: choose a shorter one`,
    });
  if (
    records &&
    !isTold(
      records.items.map(({ row }) => row),
      scope,
    )
  )
    gaps.push({
      source,
      reason: 'nothing in its audit records tells whose they are: name the hosts of the environment',
    });
  if (lines && !isTold(attributed(lines.items, attribute), scope))
    gaps.push({
      source,
      reason: 'nothing in its access lines tells whose they are: no upstream of a known Service, and no host',
    });
  if (lines === null)
    gaps.push({
      source,
      reason:
        scope.kind === 'all'
          ? `the window has more than ${mostRead} access lines: the engine counted them, and texts that are no requests count too`
          : `the window has more than ${mostRead} access lines, too many to read: choose a shorter one`,
    });
  if (records && records.malformedMs.length > 0) {
    const count = records.malformedMs.length;
    gaps.push({
      source,
      reason: `${count} audit ${count === 1 ? 'record' : 'records'} could not be read`,
      from: iso(Math.min(...records.malformedMs)),
      to: iso(Math.max(...records.malformedMs)),
    });
  }
  return gaps;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
