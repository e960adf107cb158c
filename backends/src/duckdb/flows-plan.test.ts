import type { FilterTerm } from '@bartizan/api';
import { expect, test } from 'vitest';
import { notCountedBecause, planOf } from './flows-plan.ts';

const hourMs = 3_600_000;
const nanos = (ms: number): bigint => BigInt(ms) * 1_000_000n;
const merged = { flows: 12, connections: 0 };
const marks = { rolled: { arrival: 900n, nanos: nanos(20 * hourMs) }, whole: nanos(10 * hourMs), merged };
const window = (from: number, to: number) => ({ fromMs: from * hourMs, toMs: to * hourMs });
const span = (from: number, to: number) => ({ from: nanos(from * hourMs), to: nanos(to * hourMs) });

test('whole hours come from counts, what they cut and what is newer from events, and what came late from events alone', () => {
  expect(planOf({ window: window(12.5, 24), marks, canCount: true })).toEqual({
    whole: [span(12.5, 13), { ...span(13, 20), arrivedAfter: 900n }, span(20, 24)],
    hours: { from: 13, to: 20 },
    merged,
    missing: [],
  });
});

test('what a window cuts off an hour of counts is missing', () => {
  expect(planOf({ window: window(3.5, 9.5), marks, canCount: true })).toEqual({
    whole: [{ ...span(4, 9), arrivedAfter: 900n }],
    hours: { from: 4, to: 9 },
    merged,
    missing: [span(3.5, 4), span(9, 9.5)],
  });
});

test('what counts do not answer is told of events, as far back as they are kept', () => {
  const asked = { window: window(3.5, 24), marks };
  expect(planOf({ ...asked, canCount: false })).toEqual({
    whole: [span(10, 24)],
    hours: null,
    merged,
    missing: [span(3.5, 10)],
  });
  expect(planOf({ ...asked, canCount: true, prefersWhole: true }).hours).toEqual({ from: 4, to: 20 });
  expect(planOf({ window: window(11, 24), marks, canCount: true, prefersWhole: true }).hours).toBeNull();
});

test('every moment of a window is in one part, whatever the window', () => {
  for (let from = 0; from < 26; from += 0.25)
    for (let to = from; to < 26; to += 0.25)
      for (const canCount of [true, false]) {
        const { whole, hours, missing } = planOf({ window: window(from, to), marks, canCount });
        const parts = [
          ...whole.filter(({ arrivedAfter }) => arrivedAfter === undefined),
          ...(hours === null ? [] : [span(hours.from, hours.to)]),
          ...missing,
        ].toSorted((a, b) => (a.from < b.from ? -1 : 1));
        let at = nanos(from * hourMs);
        for (const part of parts) {
          expect(part.from).toBe(at);
          at = part.to;
        }
        expect(at).toBe(nanos(to * hourMs));
      }
});

const asks = (field: string, test: FilterTerm['test']): string | null =>
  notCountedBecause({ filter: [{ field, negated: false, test }] });

test('counts do not answer for single addresses, nor for what may be a part of one', () => {
  for (const value of ['192.0.2.7', '2001:db8::1', 'shop/web -> 192.0.2.7'])
    expect(asks('pair', { kind: 'any-of', values: ['shop/web', value] })).toMatch(/network/);
  for (const text of ['192', '.7', 'db8:', 'cafe', 'web -> 10.'])
    expect(asks('pair', { kind: 'contains', text })).toMatch(/network/);
  for (const value of ['192.0.2.0/24', 'shop/web', 'host', 'cafe', 'pay.example.org'])
    expect(asks('source', { kind: 'any-of', values: [value] })).toBeNull();
  expect(asks('source', { kind: 'contains', text: 'shop' })).toBeNull();
  expect(asks('reason', { kind: 'contains', text: '7' })).toBeNull();
});
