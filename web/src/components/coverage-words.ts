import type { Coverage, Gap } from '@bartizan/api';
import {
  formatAge,
  formatClock,
  formatDayOf,
  formatMinute,
  formatMoment,
  readMoment,
  zoneName,
} from '../format/time.ts';
import type { Zone } from '../format/time.ts';
import type { Tone } from '../ui/Icon.tsx';
import type { GapSpan, Span } from '../ui/chart/plot.ts';
import { lengthShort } from '../window/window-spec.ts';

export interface CoverageNote {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

/** What an answer covers, and what it is about: `Requests`, `Flow events`. */
export interface NamedCoverage {
  readonly name: string;
  /** Undefined while the answer is on its way. */
  readonly coverage: Coverage | undefined;
}

interface Reader {
  readonly zone: Zone;
  readonly nowMs: number;
}

type Known = NamedCoverage & { readonly coverage: Coverage };

export function knownCoverages(all: readonly NamedCoverage[]): readonly Known[] {
  return all.filter((one): one is Known => one.coverage !== undefined);
}

/** What the numbers of a page cover, in one line: the gaps first, then sources, window and newest record. */
export function coverageNote(all: readonly NamedCoverage[], reader: Reader): CoverageNote {
  const known = knownCoverages(all);
  const [first] = known;
  if (!first) return { tone: 'quiet', word: 'Loading.', text: '' };
  const partial = known.filter(({ coverage }) => !coverage.complete);
  const rest = [windowWords(first.coverage, reader), newestWords(known, reader)].filter((part) => part !== '');
  if (partial.length === 0) {
    const sources = [...new Set(known.flatMap(({ coverage }) => coverage.sources.map(({ source }) => source)))];
    return { tone: 'fine', word: 'Complete.', text: sentences([[...sources, rest[0]].join(', '), ...rest.slice(1)]) };
  }
  const complete = known.filter(({ coverage }) => coverage.complete).map(({ name }) => name);
  const gaps = partial.map(({ name, coverage }) => `${name}: ${gapsWords(coverage.gaps, reader.zone)}`);
  const whole = complete.length > 0 ? [`${complete.join(' and ')} complete`] : [];
  return { tone: 'warning', word: 'Partial.', text: sentences([...gaps, ...whole, ...rest]) };
}

function sentences(parts: readonly string[]): string {
  return parts.map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1).replace(/\.$/, '')}.`).join(' ');
}

/** `24 h to 14:37 UTC`; `read at 14:37:12 UTC` for what has no window. */
function windowWords({ from, to }: Coverage, { zone, nowMs }: Reader): string {
  const fromMs = readMoment(from);
  const toMs = readMoment(to);
  if (fromMs === null || toMs === null) return '';
  if (toMs - fromMs < 1000) return `read at ${formatClock(toMs, zone)} ${zoneName(toMs, zone)}`;
  const day = nowMs - toMs < 86_400_000 ? '' : `${formatDayOf(toMs, { nowMs, zone })} `;
  return `${lengthShort({ fromMs, toMs })} to ${day}${formatMinute(toMs, zone)} ${zoneName(toMs, zone)}`;
}

function newestWords(all: readonly Known[], { nowMs }: Reader): string {
  const newest = all.flatMap(({ coverage }) => coverage.sources.map((source) => readMoment(source.newest)));
  const known = newest.filter((ms) => ms !== null);
  if (known.length === 0) return '';
  return `newest record ${formatAge(Math.max(0, nowMs - Math.max(...known)))} old`;
}

/** One gap in its own words; several counted, with the last one's time. */
function gapsWords(gaps: readonly Gap[], zone: Zone): string {
  const [first] = gaps;
  if (!first) return 'not known why';
  if (gaps.length === 1) return `${first.source}: ${first.reason.replace(/\.$/, '')}${gapTime(first, zone)}`;
  const last = gaps.toSorted((a, b) => (readMoment(b.from) ?? 0) - (readMoment(a.from) ?? 0))[0] ?? first;
  const time = gapTime(last, zone);
  return `${gaps.length} gaps${time ? `, the last${time}` : ''}: ${last.source}: ${last.reason.replace(/\.$/, '')}`;
}

function gapTime({ from, to }: Gap, zone: Zone): string {
  const fromMs = readMoment(from);
  const toMs = readMoment(to);
  if (fromMs === null) return '';
  if (toMs === null) return ` since ${formatMinute(fromMs, zone)}`;
  const [start, end] = [formatMinute(fromMs, zone), formatMinute(toMs, zone)];
  return start === end ? ` at ${start}` : ` ${start}–${end}`;
}

/** The same with whole dates, for the list of gaps. */
export function gapPeriod({ from, to }: Gap, zone: Zone): string {
  const [fromMs, toMs] = [readMoment(from), readMoment(to)];
  if (fromMs === null && toMs === null) return 'the whole window';
  const start = fromMs === null ? 'the beginning' : formatMoment(fromMs, zone);
  if (toMs === null) return `since ${start}`;
  return toMs === fromMs ? `at ${start}` : `${start} to ${formatMoment(toMs, zone)}`;
}

export function distinctGaps(all: readonly Coverage[]): readonly Gap[] {
  const seen = new Map<string, Gap>();
  for (const { gaps } of all)
    for (const gap of gaps) seen.set([gap.source, gap.reason, gap.from, gap.to].join('\n'), gap);
  return [...seen.values()];
}

/** Where gaps lie on the time axis: those that say from when. */
export function gapSpans(coverage: Coverage): readonly GapSpan[] {
  const toMs = readMoment(coverage.to) ?? 0;
  return coverage.gaps.flatMap((gap) => {
    const fromMs = readMoment(gap.from);
    return fromMs === null ? [] : [{ fromMs, toMs: readMoment(gap.to) ?? toMs, isPartial: true }];
  });
}

/** Whether a gap covers all of it. */
export function isInside(span: Span, gaps: readonly Span[]): boolean {
  return gaps.some((gap) => gap.fromMs <= span.fromMs && gap.toMs >= span.toMs);
}
