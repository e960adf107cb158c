import { expect, test } from 'vitest';
import { decodeUri, markParts, placeOfVariable } from './marks.ts';

test('what a rule found is marked where it stands, with its number at the end', () => {
  expect(markParts('q=union select&x=1', [{ ref: 1, text: 'union select' }])).toEqual([
    { text: 'q=', refs: [], ends: [] },
    { text: 'union select', refs: [1], ends: [1] },
    { text: '&x=1', refs: [], ends: [] },
  ]);
});

test('matches may lie in each other', () => {
  const parts = markParts('abcdef', [
    { ref: 1, text: 'bcde' },
    { ref: 2, text: 'cd' },
  ]);
  expect(parts.map(({ text, refs }) => `${text}:${refs.join()}`)).toEqual(['a:', 'b:1', 'cd:1,2', 'e:1', 'f:']);
});

test('a rule that saw another case still marks; one that saw another text does not', () => {
  expect(markParts('UNION', [{ ref: 1, text: 'union' }])[0]?.refs).toEqual([1]);
  expect(
    markParts('union', [
      { ref: 1, text: 'select' },
      { ref: 2, text: '' },
    ]),
  ).toEqual([{ text: 'union', refs: [], ends: [] }]);
});

test('nothing of the text is lost', () => {
  const text = '<script>alert(1)</script>';
  const parts = markParts(text, [
    { ref: 1, text: '<script>' },
    { ref: 2, text: 'pt>al' },
  ]);
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(markParts('', [])).toEqual([]);
});

test.each([
  ['/search?q=trail+shoe%27', "/search?q=trail shoe'"],
  ['/a+b?x=1', '/a+b?x=1'],
  ['/%ff%zz?q=%e4%bd%a0', '/%ff%zz?q=你'],
])('%s is read as %s', (uri, text) => expect(decodeUri(uri)).toBe(text));

test('a variable says where to look', () => {
  expect(placeOfVariable('REQUEST_HEADERS:User-Agent')).toEqual({ kind: 'header', name: 'user-agent' });
  expect(placeOfVariable('REQUEST_COOKIES:session')).toEqual({ kind: 'header', name: 'cookie' });
  expect(placeOfVariable('QUERY_STRING').kind).toBe('line');
  expect(placeOfVariable('ARGS:q').kind).toBe('anywhere');
  expect(placeOfVariable(null).kind).toBe('anywhere');
});
