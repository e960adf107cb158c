import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly cat: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
}

/** Processor time of a page's main thread after one step, in milliseconds: others on the machine disturb the clock, this less. */
export interface StepCost {
  readonly totalMs: number;
  /** The longest piece of work that nothing can interrupt. */
  readonly longestMs: number;
  /** The most between two frames. */
  readonly frameMs: number;
}

const categories = 'devtools.timeline,disabled-by-default-devtools.timeline,blink.user_timing';

/** Does each step, and tells what the main thread did from its beginning to that of the next one. */
export async function costOfSteps(page: Page, steps: readonly (() => Promise<void>)[]): Promise<readonly StepCost[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  // The protocol's types leave the events of a trace open.
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', { categories, transferMode: 'ReportEvents' });
  for (const step of steps) {
    await page.evaluate(() => performance.mark('bench-step'));
    await step();
  }
  await endTrace(session);
  const marks = events.filter(({ name, cat }) => name === 'bench-step' && cat.includes('user_timing'));
  const onMain = events.filter(({ pid, tid }) => pid === marks[0]?.pid && tid === marks[0].tid);
  return marks.map(({ ts }, at) => costBetween(onMain, ts, marks[at + 1]?.ts ?? Number.POSITIVE_INFINITY));
}

async function endTrace(session: CDPSession): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    session.once('Tracing.tracingComplete', () => resolve());
  });
  await session.send('Tracing.end');
  await ended;
  await session.detach();
}

function costBetween(events: readonly TraceEvent[], from: number, to: number): StepCost {
  const own = events.filter(({ ts }) => ts >= from && ts < to);
  const tasks = own.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  const ms = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const frames = [from, ...own.filter(({ name }) => name === 'Commit').map(({ ts }) => ts), to];
  const inFrames = frames
    .slice(1)
    .map((end, at) =>
      sum(tasks.flatMap(({ ts }, task) => (ts >= (frames[at] ?? 0) && ts < end ? [ms[task] ?? 0] : []))),
    );
  return { totalMs: sum(ms), longestMs: Math.max(0, ...ms), frameMs: Math.max(0, ...inFrames) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
