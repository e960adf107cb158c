import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowFields, transactionFields } from './filter-fields.ts';
import { parseFilter, printFilter } from './filter.ts';
import type { FilterTerm } from './filter.ts';

describe('parseFilter', () => {
  test.each([
    ['verdict:DROPPED', [{ field: 'verdict', negated: false, test: { kind: 'any-of', values: ['DROPPED'] } }]],
    ['-verdict:DROPPED', [{ field: 'verdict', negated: true, test: { kind: 'any-of', values: ['DROPPED'] } }]],
    ['port:80,443', [{ field: 'port', negated: false, test: { kind: 'any-of', values: ['80', '443'] } }]],
    ['name:~login', [{ field: 'name', negated: false, test: { kind: 'contains', text: 'login' } }]],
    ['port:>=5', [{ field: 'port', negated: false, test: { kind: 'compare', operator: '>=', number: 5 } }]],
    ['node:*', [{ field: 'node', negated: false, test: { kind: 'present' } }]],
    ['node:"*"', [{ field: 'node', negated: false, test: { kind: 'any-of', values: ['*'] } }]],
    [
      'source:"a b","c:\\"d\\\\"',
      [{ field: 'source', negated: false, test: { kind: 'any-of', values: ['a b', 'c:"d\\'] } }],
    ],
    ['source:2001:db8::7', [{ field: 'source', negated: false, test: { kind: 'any-of', values: ['2001:db8::7'] } }]],
    ['', []],
  ])('reads %s', (text, terms) => {
    expect(parseFilter(text, flowFields)).toEqual({ ok: true, terms });
  });

  test.each([
    ['nonsense:1', /no field "nonsense".*verdict, type/],
    ['constructor:1', /no field "constructor"/],
    ['login', /"login" is not a term/],
    ['verdict:dropped', /never "dropped"/],
    ['port:http', /is a number/],
    ['source:>5', /cannot be compared/],
    ['port:>x', /takes one number/],
    ['source:"open', /not closed/],
    ['source:', /empty value/],
    ['source:"a"b', /space is missing/],
  ])('refuses %s with a sentence', (text, message) => {
    const result = parseFilter(text, flowFields);
    expect(result.ok ? '' : result.message).toMatch(message);
  });

  test('what printFilter writes reads back as the same terms', () => {
    const value = fc.string({ minLength: 0, maxLength: 20, unit: 'binary' });
    const term: fc.Arbitrary<FilterTerm> = fc.record({
      field: fc.constantFrom('client', 'host', 'path'),
      negated: fc.boolean(),
      test: fc.oneof(
        fc.record({ kind: fc.constant('any-of' as const), values: fc.array(value, { minLength: 1, maxLength: 3 }) }),
        fc.record({ kind: fc.constant('contains' as const), text: value }),
        fc.record({ kind: fc.constant('present' as const) }),
      ),
    });
    fc.assert(
      fc.property(fc.array(term, { maxLength: 4 }), (terms) => {
        expect(parseFilter(printFilter(terms), transactionFields)).toEqual({ ok: true, terms });
      }),
    );
  });
});
