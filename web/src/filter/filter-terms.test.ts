import { parseFilter, printFilter, transactionFields } from '@bartizan/api';
import { expect, test } from 'vitest';
import {
  filterError,
  keptValues,
  negateTerm,
  pickValue,
  prefixOf,
  termWords,
  termsOf,
  typedField,
  withTerm,
  withoutTerm,
} from './filter-terms.ts';

const read = (text: string) => termsOf(text, transactionFields);
const picked = (text: string, value: string, how: 'keep' | 'leave-out' = 'keep') =>
  printFilter(pickValue(read(text), { field: 'client', value, how }));

test('a click keeps a value, a second click takes that back', () => {
  expect(picked('', '192.0.2.7')).toBe('client:192.0.2.7');
  expect(picked('client:192.0.2.7', '192.0.2.7')).toBe('');
});

test('leaving a value out replaces keeping it', () => {
  expect(picked('client:192.0.2.7 method:GET', '192.0.2.7', 'leave-out')).toBe('method:GET -client:192.0.2.7');
});

test('a picked IPv6 address can be read again', () => {
  const filter = picked('', '2001:db8::7');
  expect(filter).toBe('client:"2001:db8::7"');
  expect(parseFilter(filter, transactionFields).ok).toBe(true);
  expect(keptValues(read(filter), 'client')).toEqual(new Set(['2001:db8::7']));
});

test('a filter that cannot be read has a reason and no terms', () => {
  expect(filterError('colour:red', transactionFields)).toContain('There is no field "colour"');
  expect(read('colour:red')).toEqual([]);
  expect(filterError(undefined, transactionFields)).toBeNull();
});

test('terms are added, turned and removed one by one', () => {
  expect(withTerm('method:GET', 'score:>=5')).toBe('method:GET score:>=5');
  expect(withoutTerm(read('method:GET score:>=5'), 0)).toBe('score:>=5');
  expect(negateTerm(read('method:GET score:>=5'), 0)).toBe('-method:GET score:>=5');
});

test.each([
  ['client:192.0.2.7', 'client', 'is', '192.0.2.7'],
  ['-client:192.0.2.7,192.0.2.8', 'client', 'is none of', '192.0.2.7, 192.0.2.8'],
  ['path:~login', 'path', 'contains', 'login'],
  ['score:>=5', 'score', '>=', '5'],
  ['-upstream:*', 'upstream', 'is absent', ''],
  ['path:""', 'path', 'is', '(empty)'],
])('%s is said as "%s %s %s"', (text, field, operator, value) => {
  const [term] = read(text);
  expect(term && termWords(term)).toEqual({ field, operator, value });
});

test('the field that is being typed is told, with what stands before it', () => {
  const fields = { port: { kind: 'number', describe: '' }, pair: { kind: 'text', describe: '' } } as const;
  expect(typedField('port:84', fields)).toBe('port');
  expect(typedField('verdict:DROPPED -pair:', fields)).toBe('pair');
  expect(typedField('nothing:1', fields)).toBeNull();
  expect(typedField('port:80 ', fields)).toBeNull();
  expect(prefixOf('verdict:DROPPED -pair:sh')).toBe('verdict:DROPPED -');
});
