import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test.each([
  [['a', 1, null], 'a,1,\r\n'],
  [['say "hi", twice'], '"say ""hi"", twice"\r\n'],
  [['=cmd()', '+1', '-1', '@x', ' =1', '\t=1'], "'=cmd(),'+1,'-1,'@x,' =1,'\t=1\r\n"],
  [[-1], '-1\r\n'],
])('a line of %j cannot be read as a formula, and its quotes are doubled', (cells, line) => {
  expect(csvLine(cells)).toBe(line);
});
