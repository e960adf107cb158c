import { expect, test } from 'vitest';
import { markParts, placeOfVariable } from './marks.ts';
import type { Needle } from './marks.ts';
import { spansOfForm, spansOfHeader, spansOfJson, spansOfUri } from './request-spans.ts';
import type { SpannedText } from './request-spans.ts';

const needle = (ref: number, text: string, more: Partial<Needle> = {}): Needle => ({
  ref,
  text,
  variable: null,
  offset: null,
  ...more,
});
const plain = (text: string): SpannedText => ({ text, spans: [] });
const shown = (spanned: SpannedText, ...needles: readonly Needle[]): string =>
  markParts(spanned, needles)
    .map(({ text, refs }) => (refs.length === 0 ? text : `[${text}]${refs.join()}`))
    .join('');

test('what a rule found is marked where it stands, with its number at the end', () => {
  expect(markParts(plain('q=union select&x=1'), [needle(1, 'union select')])).toEqual([
    { text: 'q=', refs: [], ends: [] },
    { text: 'union select', refs: [1], ends: [1] },
    { text: '&x=1', refs: [], ends: [] },
  ]);
});

test('matches may lie in each other', () => {
  expect(shown(plain('abcdef'), needle(1, 'bcde'), needle(2, 'cd'))).toBe('a[b]1[cd]1,2[e]1f');
});

test('a rule that saw another case still marks; one that saw another text does not', () => {
  expect(shown(plain('UNION'), needle(1, 'union'))).toBe('[UNION]1');
  expect(shown(plain('union'), needle(1, 'select'), needle(2, ''))).toBe('union');
});

test('nothing of the text is lost', () => {
  const text = '<script>alert(1)</script>';
  const parts = markParts(plain(text), [needle(1, '<script>'), needle(2, 'pt>al')]);
  expect(parts.map((part) => part.text).join('')).toBe(text);
  expect(markParts(plain(''), [])).toEqual([]);
});

test('of two arguments with the same text the one that the rule names is marked', () => {
  const uri = spansOfUri('/s?a=or+1&b=or+1', 'decoded');
  expect(shown(uri, needle(1, 'or 1', { variable: 'ARGS:b' }))).toBe('/s?a=or 1&b=[or 1]1');
  expect(shown(uri, needle(1, 'or 1', { variable: 'ARGS_GET:a' }))).toBe('/s?a=[or 1]1&b=or 1');
});

test('where a text occurs twice in its argument, the offset of the log decides', () => {
  const uri = spansOfUri('/s?a=xx1xx', 'sent');
  expect(shown(uri, needle(1, 'xx', { variable: 'ARGS:a', offset: 3 }))).toBe('/s?a=xx1[xx]1');
});

test('a fingerprint stands nowhere in the request: the whole argument is marked', () => {
  const uri = spansOfUri("/s?a=1'+or+1&b=2", 'decoded');
  expect(shown(uri, needle(1, 's&1c', { variable: 'ARGS:a' }))).toBe("/s?a=[1' or 1]1&b=2");
});

test('cookies, names of arguments, forms and JSON have their own places', () => {
  expect(shown(spansOfHeader('Cookie', 'a=1; b=<x>'), needle(1, 's', { variable: 'REQUEST_COOKIES:b' }))).toBe(
    'a=1; b=[<x>]1',
  );
  expect(shown(spansOfHeader('Host', '10.0.0.1'), needle(1, '?', { variable: 'REQUEST_HEADERS:Host' }))).toBe(
    '[10.0.0.1]1',
  );
  const form = spansOfForm('a%5B%5D=x&b=y', 'decoded', 'ARGS_POST');
  expect(shown(form, needle(1, '', { variable: 'ARGS_NAMES:a[]' }))).toBe('[a[]]1=x&b=y');
  const json = spansOfJson('{"user": {"note": "or 1=1"}, "n": 5}');
  expect(shown(json, needle(1, 's&1', { variable: 'ARGS:json.user.note' }))).toBe(
    '{"user": {"note": ["or 1=1"]1}, "n": 5}',
  );
});

test.each([
  ['/search?q=trail+shoe%27', "/search?q=trail shoe'"],
  ['/a+b?x=1', '/a+b?x=1'],
  ['/%ff%zz?q=%e4%bd%a0', '/%ff%zz?q=你'],
  ['/a?b', '/a?b'],
  ['/a?', '/a?'],
  ['', ''],
])('%s is read as %s', (uri, text) => {
  expect(spansOfUri(uri, 'decoded').text).toBe(text);
  expect(spansOfUri(uri, 'sent').text).toBe(uri);
});

test('a variable says where to look', () => {
  expect(placeOfVariable('REQUEST_HEADERS:User-Agent')).toEqual({ kind: 'header', name: 'user-agent' });
  expect(placeOfVariable('REQUEST_COOKIES:session')).toEqual({ kind: 'header', name: 'cookie' });
  expect(placeOfVariable('QUERY_STRING').kind).toBe('line');
  expect(placeOfVariable('ARGS:q').kind).toBe('arguments');
  expect(placeOfVariable('RESPONSE_BODY').kind).toBe('answer');
  expect(placeOfVariable(null).kind).toBe('anywhere');
});
