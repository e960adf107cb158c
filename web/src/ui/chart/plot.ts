export type Mark = 'nominal' | 'detected' | 'blocked' | 'forwarded' | 'dropped';

export interface Series {
  readonly name: string;
  readonly mark: Mark;
  /** One for each bucket; null where it is not known. */
  readonly values: readonly (number | null)[];
}

/** One picture over the shared time axis: series stacked as bars from the first upwards, or lines over an area. */
export interface Plot {
  readonly kind: 'bars' | 'lines';
  readonly height: number;
  readonly series: readonly Series[];
  /** Written into the picture where there are several. */
  readonly name?: string;
  readonly format: (value: number) => string;
  /** How many lines the axis has. */
  readonly parts?: number;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The highest point of a plot. */
export function highest({ kind, series }: Plot): number {
  const count = Math.max(0, ...series.map(({ values }) => values.length));
  let max = 0;
  for (let at = 0; at < count; at += 1) {
    const values = series.map((one) => one.values[at] ?? 0);
    max = Math.max(max, kind === 'bars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values));
  }
  return max;
}

/** Where something is missing: everything, or some of it. */
export interface GapSpan extends Span {
  readonly isPartial?: boolean;
}

interface Room {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly window: Span;
}

/** Bars of every series, stacked; what is there is never drawn thinner than 1 px. `edge` is the line on top of a quiet mass. */
export function stackedBars(buckets: readonly Span[], series: readonly Series[], room: Room) {
  const base = buckets.map(() => 0);
  return series.map(({ mark, values }) => {
    let fill = '';
    let edge = '';
    buckets.forEach((bucket, at) => {
      const value = values[at] ?? 0;
      if (value <= 0) return;
      const { left, right } = sides(bucket, room);
      const tall = Math.max(1, (value / room.top) * room.height);
      const bottom = room.height - (base[at] ?? 0);
      base[at] = (base[at] ?? 0) + tall;
      fill += box(left, right, bottom - tall, bottom);
      if (mark === 'nominal') edge += box(left, right, bottom - tall, Math.min(bottom, bottom - tall + 1.5));
    });
    return { mark, fill, edge };
  });
}

function sides(bucket: Span, room: Room): { left: number; right: number } {
  const left = across(bucket.fromMs, room);
  const right = across(bucket.toMs, room);
  return { left, right: right - left > 3 ? right - 1 : right };
}

function box(left: number, right: number, top: number, bottom: number): string {
  return `M${round(left)} ${round(bottom)}V${round(top)}H${round(right)}V${round(bottom)}z`;
}

/** A line through the middles of the buckets, broken where nothing is known, and the area under it. */
export function lineAndArea(buckets: readonly Span[], { values }: Series, room: Room): { line: string; area: string } {
  let line = '';
  let area = '';
  for (const run of knownRuns(values)) {
    const points = run.map((at) => pointOf(buckets, at, values[at] ?? 0, room));
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) continue;
    const path = points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L');
    line += points.length === 1 ? `M${round(first.x - 1)} ${round(first.y)}h2` : `M${path}`;
    area += `M${round(first.x)} ${room.height}L${path}L${round(last.x)} ${room.height}z`;
  }
  return { line, area };
}

function pointOf(buckets: readonly Span[], at: number, value: number, room: Room): { x: number; y: number } {
  const bucket = buckets[at] ?? { fromMs: 0, toMs: 0 };
  const isFirst = at === 0;
  const isLast = at === buckets.length - 1;
  const ms = isFirst ? bucket.fromMs : isLast ? bucket.toMs : (bucket.fromMs + bucket.toMs) / 2;
  return { x: across(ms, room), y: room.height - Math.max(value > 0 ? 1 : 0, (value / room.top) * room.height) };
}

function knownRuns(values: readonly (number | null)[]): readonly (readonly number[])[] {
  const runs: number[][] = [];
  values.forEach((value, at) => {
    if (value === null) return;
    const run = runs.at(-1);
    if (run?.at(-1) === at - 1 && run) run.push(at);
    else runs.push([at]);
  });
  return runs;
}

export function across(ms: number, { width, window }: Pick<Room, 'width' | 'window'>): number {
  const share = (ms - window.fromMs) / (window.toMs - window.fromMs);
  return Math.min(1, Math.max(0, share)) * width;
}

/** The bucket at a moment; null outside all of them. */
export function bucketAt(buckets: readonly Span[], ms: number): number | null {
  const at = buckets.findIndex(({ fromMs, toMs }) => ms >= fromMs && ms < toMs);
  return at === -1 ? null : at;
}

/** Where nothing is known: neighbouring buckets without a value, as one span each. */
export function unknownSpans(buckets: readonly Span[], values: readonly (number | null)[]): readonly Span[] {
  const spans: Span[] = [];
  buckets.forEach((bucket, at) => {
    if (values[at] !== null) return;
    const last = spans.at(-1);
    if (last?.toMs === bucket.fromMs) spans[spans.length - 1] = { fromMs: last.fromMs, toMs: bucket.toMs };
    else spans.push(bucket);
  });
  return spans;
}

/** Starts and an interval as spans, cut to the window. */
export function bucketSpans(starts: readonly number[], intervalMs: number, window: Span): readonly Span[] {
  return starts.map((startMs, at) => ({
    fromMs: Math.max(window.fromMs, startMs),
    toMs: Math.min(window.toMs, starts[at + 1] ?? startMs + intervalMs),
  }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
