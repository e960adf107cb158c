import { expect, test } from 'vitest';
import { createMoment } from './moment.ts';

test('questions asked together get the same now, later ones a later', () => {
  let time = 10_000;
  const moment = createMoment(() => time);
  expect(moment.read()).toBe(10_000);
  time = 11_400;
  expect(moment.read()).toBe(10_000);
  time = 12_000;
  expect(moment.read()).toBe(12_000);
});

test('a clock that is put back is followed', () => {
  let time = 10_000;
  const moment = createMoment(() => time);
  moment.read();
  time = 5000;
  expect(moment.read()).toBe(5000);
});
