import { expect, test } from 'vitest';
import {
  lengthShort,
  lengthWords,
  printSpec,
  readSpec,
  resolveMoment,
  resolveSpec,
  shiftSpec,
  specWords,
  zoomOut,
} from './window-spec.ts';

const nowMs = Date.UTC(2026, 10, 25, 14, 37);
const clock = { nowMs, zone: 'utc' } as const;
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

test.each([
  ['now', '2026-11-25T14:37:00.000Z'],
  ['now-6h', '2026-11-25T08:37:00.000Z'],
  ['now/d', '2026-11-25T00:00:00.000Z'],
  ['now-1d/d', '2026-11-24T00:00:00.000Z'],
  ['now/h', '2026-11-25T14:00:00.000Z'],
  ['2026-11-24', '2026-11-24T00:00:00.000Z'],
  ['2026-11-24 14:00', '2026-11-24T14:00:00.000Z'],
  ['2026-11-24T14:00:00+01:00', '2026-11-24T13:00:00.000Z'],
  ['yesterday', null],
  ['2026-13-24', null],
  ['now-6x', null],
])('%s means %s', (text, moment) => expect(iso(resolveMoment(text, clock))).toBe(moment));

test('the URL gives back what it was given', () => {
  expect(readSpec({ range: '7d' })).toEqual({ kind: 'last', range: '7d' });
  expect(readSpec({ from: 'now-6h', to: 'now-1h' })).toEqual({ kind: 'between', from: 'now-6h', to: 'now-1h' });
  expect(printSpec(readSpec({ from: 'now-6h' }))).toEqual({ range: undefined, from: 'now-6h', to: 'now' });
});

test('a fixed beginning and a moving end are kept', () => {
  const spec = readSpec({ from: '2026-11-25T14:00:00Z', to: 'now' });
  expect(resolveSpec(spec, clock)).toEqual({ fromMs: Date.UTC(2026, 10, 25, 14), toMs: nowMs });
});

test.each([{}, { range: 'forever' }, { from: 'now', to: 'now-6h' }, { from: 'soon' }])(
  'what cannot be read gives the last 24 hours (%j)',
  (search) => expect(readSpec(search)).toEqual({ kind: 'last', range: '24h' }),
);

test('a window over a year is none', () => {
  expect(resolveSpec({ kind: 'between', from: '2024-01-01', to: '2026-01-01' }, clock)).toBeNull();
});

test('back and forward move by the window itself, and not past now', () => {
  const back = shiftSpec({ kind: 'last', range: '1h' }, 'back', clock);
  expect(back).toEqual({ kind: 'between', from: '2026-11-25T12:37:00.000Z', to: '2026-11-25T13:37:00.000Z' });
  expect(resolveSpec(shiftSpec(back, 'forward', clock), clock)?.toMs).toBe(nowMs);
  expect(shiftSpec({ kind: 'last', range: '1h' }, 'forward', clock)).toEqual({ kind: 'last', range: '1h' });
});

test('zooming out doubles the window', () => {
  expect(zoomOut({ kind: 'last', range: '24h' }, clock)).toEqual({ kind: 'last', range: '2d' });
  const wider = resolveSpec(zoomOut({ kind: 'between', from: '2026-11-25', to: '2026-11-25 02:00' }, clock), clock);
  expect(wider && (wider.toMs - wider.fromMs) / 3_600_000).toBe(4);
});

test('a window is said in words', () => {
  expect(lengthWords('24h')).toBe('24 hours');
  expect(lengthShort({ fromMs: 0, toMs: 86_400_000 })).toBe('24 h');
  expect(specWords({ kind: 'last', range: '1h' }, clock)).toBe('Last 1 hour');
  expect(specWords({ kind: 'between', from: '2026-11-24 14:00', to: 'now' }, clock)).toBe('24 Nov 14:00 to now');
  expect(specWords({ kind: 'between', from: '2020-01-01', to: '2020-01-02' }, clock)).toBe(
    '1 Jan 2020 00:00 to 2 Jan 2020 00:00',
  );
});
