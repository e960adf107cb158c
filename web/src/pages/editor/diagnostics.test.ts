import { expect, test } from 'vitest';
import { diagnosticsOf } from './diagnostics.ts';

const text = {
  lines: 2,
  line: (number: number) => (number === 1 ? { from: 0, to: 5, text: 'a: 1 ' } : { from: 6, to: 10, text: 'b: 2' }),
};

test('a problem is marked from its column to the end of what is written', () => {
  const [mark] = diagnosticsOf([{ line: 1, column: 4, severity: 'error', message: 'no', refusedBy: 'cilium' }], text);
  expect(mark).toEqual({ from: 3, to: 4, severity: 'error', message: 'no', source: 'Cilium would not apply it' });
});

test('a place that an older text had does not fall out of the newer one', () => {
  const marks = diagnosticsOf(
    [
      { line: 99, column: 99, severity: 'warning', message: 'late' },
      { severity: 'error', message: 'nowhere' },
    ],
    text,
  );
  expect(marks.map(({ from, to }) => [from, to])).toEqual([
    [0, 4],
    [10, 10],
  ]);
});
