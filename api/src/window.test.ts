import { describe, expect, test } from 'vitest';
import { chooseInterval, parseDuration, printDuration } from './duration.ts';
import { previousWindow, readWindow } from './window.ts';

const now = Date.parse('2026-06-15T12:00:00Z');

describe('a window', () => {
  test('is the last 24 hours unless said', () => {
    expect(readWindow({}, now)).toEqual({ ok: true, window: { fromMs: now - 86_400_000, toMs: now } });
  });

  test('takes times with any offset', () => {
    const asked = { from: '2026-06-15T12:00:00+02:00', to: '2026-06-15T11:00:00.5Z' };
    const window = { fromMs: now - 7_200_000, toMs: now - 3_599_500 };
    expect(readWindow(asked, now)).toEqual({ ok: true, window });
    const notEncoded = { ...asked, from: asked.from.replace('+', ' ') };
    expect(readWindow(notEncoded, now)).toEqual({ ok: true, window });
  });

  test.each([
    [{ range: '1 day' }, /range is written like/],
    [{ range: '0m' }, /range is written like/],
    [{ from: 'yesterday' }, /from is a time like/],
    [{ from: '2026-06-15T12:00:00' }, /from is a time like/],
    [{ from: '2026-02-30T12:00:00Z' }, /from is a time like/],
    [{ from: '2026-13-01T12:00:00Z' }, /from is a time like/],
    [{ from: '2026-06-16T12:00:00Z' }, /before/],
    [{ to: '2026-06-16T12:00:00Z' }, /from is needed/],
    [{ range: '1h', from: '2026-06-15T11:00:00Z' }, /not both/],
    [{ range: '400d' }, /366 days/],
  ])('refuses %o', (asked, message) => {
    const result = readWindow(asked, now);
    expect(result.ok ? '' : result.message).toMatch(message);
  });

  test('has a window of the same length before it', () => {
    expect(previousWindow({ fromMs: 100, toMs: 150 })).toEqual({ fromMs: 50, toMs: 100 });
  });
});

describe('a duration', () => {
  test.each(['90s', '5m', '1h', '7d'])('%s reads and prints the same', (text) => {
    expect(printDuration(parseDuration(text) ?? 0)).toBe(text);
  });

  test('of an interval is chosen so that a chart has at most a hundred', () => {
    expect(chooseInterval(86_400_000)).toBe('15m');
    expect(chooseInterval(30 * 86_400_000)).toBe('12h');
    expect(chooseInterval(1_800_000)).toBe('1m');
  });
});
