import { expect, test } from 'vitest';
import { colouredLines, yamlParts } from './yaml-parts.ts';

const marked = (line: string) => yamlParts(line).map(({ kind, text }) => `${kind}(${text})`);

test.each([
  ['kind: NetworkPolicy', ['key(kind)', 'plain(:)', 'plain( )', 'value(NetworkPolicy)']],
  ['  - port: "8080"', ['plain(  - )', 'key(port)', 'plain(:)', 'plain( )', 'value("8080")']],
  [
    '    k8s:io.kubernetes.pod.namespace: shop',
    ['plain(    )', 'key(k8s:io.kubernetes.pod.namespace)', 'plain(:)', 'plain( )', 'value(shop)'],
  ],
  ['# why', ['comment(# why)']],
  ['  - Egress # both', ['plain(  - )', 'value(Egress)', 'comment( # both)']],
  ['spec:', ['key(spec)', 'plain(:)']],
])('%s', (line, expected) => expect(marked(line)).toEqual(expected));

test('no character of a line is ever lost', () => {
  for (const line of [
    'a: "b # c"',
    '- {a: 1, b: [2]}',
    'url: http://x:80/#y',
    '  ? odd',
    '--- !tag',
    ': x',
    '"',
    "it's: x",
  ])
    expect(
      yamlParts(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line);
});

test('a text over several lines is a value, whatever it looks like, up to the next line that is not inside', () => {
  const lines = ['a: |', '  kind: no key', '', '  # no comment', 'b: 1'];
  const kinds = colouredLines(lines).map((parts) => parts.map(({ kind }) => kind).join(' '));
  expect(kinds).toEqual(['key plain plain value', 'value', '', 'value', 'key plain plain value']);
});
