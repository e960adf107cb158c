import { formatCount } from './number.ts';
import { formatShare } from './share.ts';

export interface Change {
  readonly direction: 'up' | 'down' | 'same' | 'unknown';
  /** `▲ 4.1 %`, `▲ 0.9 points`. */
  readonly text: string;
  /** What it is compared with: `from 1,721,904`. */
  readonly from: string;
}

type Known = number | null | undefined;

/** How a count changed against the period before. */
export function changeOfCount(now: Known, before: Known): Change {
  if (now === null || now === undefined || before === null || before === undefined) return unknownChange;
  if (now === before) return { direction: 'same', text: 'unchanged', from: `from ${formatCount(before)}` };
  const direction = now > before ? 'up' : 'down';
  if (before === 0) return { direction, text: '▲ new', from: 'from 0' };
  const percent = (Math.abs(now - before) / before) * 100;
  return { direction, text: `${arrow(direction)} ${percentText(percent)}`, from: `from ${formatCount(before)}` };
}

/** How a share changed, in points of a percent. */
export function changeOfShare(now: Known, before: Known): Change {
  if (now === null || now === undefined || before === null || before === undefined) return unknownChange;
  const points = Math.abs(now - before) * 100;
  const from = `from ${formatShare(before)}`;
  if (points < 0.05) return { direction: 'same', text: 'unchanged', from };
  const direction = now > before ? 'up' : 'down';
  return { direction, text: `${arrow(direction)} ${points.toFixed(1)} points`, from };
}

const unknownChange: Change = { direction: 'unknown', text: '', from: 'nothing known' };

function arrow(direction: 'up' | 'down'): string {
  return direction === 'up' ? '▲' : '▼';
}

function percentText(percent: number): string {
  if (percent < 0.1) return '< 0.1 %';
  return percent < 1000 ? `${percent.toFixed(1)} %` : `${formatCount(Math.round(percent / 100))} times`;
}
