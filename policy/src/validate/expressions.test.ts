import { expect, test } from 'vitest';
import { expressionFault } from './expressions.ts';

test.each(['', 'GET', '/public/.*', '.+', 'a|b', '(?i)a', '(?P<n>a)(?P<n>b)', '\\d{2}', '[[:alpha:]]', '(?<n>a)'])(
  '%j is an expression for Go — VAL-33',
  (expression) => expect(expressionFault(expression)).toBeUndefined(),
);

test.each([
  '[',
  '(a',
  '(?=a)',
  '\\1',
  'a**',
  '.**',
  'a{1001}',
  '(a{100}){100}',
  '\\C',
  '(?P<n',
  '('.repeat(1001) + ')'.repeat(1001),
])('%j is none — VAL-33', (expression) => expect(expressionFault(expression)).toMatch(/./));
