import { expect, test } from 'vitest';
import { changeOfCount, changeOfShare } from './change.ts';

test('a count that grew says by how much and from what', () => {
  expect(changeOfCount(1_792_186, 1_721_904)).toEqual({ direction: 'up', text: '▲ 4.1 %', from: 'from 1,721,904' });
});

test('a count that fell points down', () => expect(changeOfCount(50, 100).text).toBe('▼ 50.0 %'));

test('growth from nothing has no percentage', () => expect(changeOfCount(5, 0)).toMatchObject({ text: '▲ new' }));

test('growth beyond all measure is said in times', () => expect(changeOfCount(5000, 10).text).toBe('▲ 499 times'));

test('a share changes by points', () => {
  expect(changeOfShare(0.022, 0.013)).toEqual({ direction: 'up', text: '▲ 0.9 points', from: 'from 1.3 %' });
});

test('a change too small to see is none', () => expect(changeOfShare(0.0221, 0.0222).direction).toBe('same'));

test('without a figure for the period before, nothing is claimed', () => {
  expect(changeOfCount(5, null).direction).toBe('unknown');
  expect(changeOfShare(null, 0.1).direction).toBe('unknown');
});
