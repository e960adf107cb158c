import type { Coverage, Gap } from '@bartizan/api';
import { formatAge, formatMinute, formatMoment, readMoment, zoneName } from '../format/time.ts';
import type { Zone } from '../format/time.ts';
import type { Tone } from '../ui/Icon.tsx';
import type { Span } from '../ui/chart/plot.ts';
import { lengthShort } from '../window/window-spec.ts';

export interface CoverageNote {
  readonly tone: Tone;
  readonly word: string;
  readonly text: string;
}

interface Reader {
  readonly zone: Zone;
  readonly nowMs: number;
}

/** What the numbers of a page cover, in one line: sources, window, newest record, and the gap where there is one. */
export function coverageNote(all: readonly Coverage[], reader: Reader): CoverageNote {
  const [first] = all;
  if (!first) return { tone: 'quiet', word: 'Loading.', text: '' };
  const gaps = distinctGaps(all);
  const sources = [...new Set(all.flatMap(({ sources: read }) => read.map(({ source }) => source)))];
  const parts = [windowWords(first, reader), newestWords(all, reader)].filter((part) => part !== '');
  if (gaps.length > 0 || all.some(({ complete }) => !complete)) {
    const named = gaps.slice(0, 2).map((gap) => gapWords(gap, reader.zone));
    const more = gaps.length > 2 ? [`and ${gaps.length - 2} more`] : [];
    return { tone: 'warning', word: 'Partial.', text: `${[...named, ...more].join('; ')}. ${parts.join('. ')}.` };
  }
  const from = sources.length > 0 ? `${listed(sources)}, ` : '';
  return { tone: 'fine', word: 'Complete.', text: `${from}${parts.join('. ')}.` };
}

/** `24 h to 14:37 UTC` */
export function windowWords({ from, to }: Pick<Coverage, 'from' | 'to'>, { zone }: Pick<Reader, 'zone'>): string {
  const fromMs = readMoment(from);
  const toMs = readMoment(to);
  if (fromMs === null || toMs === null) return '';
  return `${lengthShort({ fromMs, toMs })} to ${formatMinute(toMs, zone)} ${zoneName(toMs, zone)}`;
}

function newestWords(all: readonly Coverage[], { nowMs }: Reader): string {
  const newest = all.flatMap(({ sources }) => sources.map((source) => readMoment(source.newest)));
  const known = newest.filter((ms) => ms !== null);
  if (known.length === 0) return '';
  return `Newest record ${formatAge(Math.max(0, nowMs - Math.max(...known)))} old`;
}

/** `Hubble Relay: 2 of 14 nodes lost events 03:10–03:22` */
export function gapWords({ source, reason, from, to }: Gap, zone: Zone): string {
  const fromMs = readMoment(from);
  const toMs = readMoment(to);
  const when =
    fromMs === null
      ? ''
      : toMs === null
        ? ` since ${formatMinute(fromMs, zone)}`
        : ` ${formatMinute(fromMs, zone)}–${formatMinute(toMs, zone)}`;
  return `${source}: ${reason.replace(/\.$/, '')}${when}`;
}

/** The same with whole dates, for the list of gaps. */
export function gapPeriod({ from, to }: Gap, zone: Zone): string {
  const [fromMs, toMs] = [readMoment(from), readMoment(to)];
  if (fromMs === null && toMs === null) return 'the whole window';
  const start = fromMs === null ? 'the beginning' : formatMoment(fromMs, zone);
  return toMs === null ? `since ${start}` : `${start} to ${formatMoment(toMs, zone)}`;
}

export function distinctGaps(all: readonly Coverage[]): readonly Gap[] {
  const seen = new Map<string, Gap>();
  for (const { gaps } of all)
    for (const gap of gaps) seen.set([gap.source, gap.reason, gap.from, gap.to].join('\n'), gap);
  return [...seen.values()];
}

/** Where gaps lie on the time axis: those that say from when. */
export function gapSpans(coverage: Coverage): readonly Span[] {
  const toMs = readMoment(coverage.to) ?? 0;
  return coverage.gaps.flatMap((gap) => {
    const fromMs = readMoment(gap.from);
    return fromMs === null ? [] : [{ fromMs, toMs: readMoment(gap.to) ?? toMs }];
  });
}

function listed(words: readonly string[]): string {
  const [first = '', ...rest] = words;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(', ');
}
