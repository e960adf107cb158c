import { expect, test } from 'vitest';
import { blockEnd, blocksOf, indentAfter } from './yaml-layout.ts';

test.each([
  ['spec:', 2],
  ['  ingress: # in', 4],
  ['  - fromEndpoints:', 6],
  ['      - port: "80"', 8],
  ['  - Egress', 2],
  ['  description: |', 4],
  ['  to: [', 4],
  ['        app: web', 8],
  ['  k8s:app: web', 2],
  ['# why:', 0],
  ['', 0],
])('after “%s” a line begins at %i', (line, expected) => expect(indentAfter(line)).toBe(expected));

const text = `kind: CiliumNetworkPolicy
spec:
  ingress:
  - fromEntities:
    - host

  - fromEntities: [world]
  egress:
    - toEntities: [all]
---
kind: Other
`;

test.each([
  ['spec:', '    - toEntities: [all]'],
  ['  ingress:', '  - fromEntities: [world]'],
  ['  - fromEntities:', '    - host'],
  ['  egress:', '    - toEntities: [all]'],
])('what “%s” holds ends behind “%s”', (line, last) => {
  const from = text.indexOf(`${line}\n`);
  expect(blockEnd(text, from, from + line.length)).toBe(text.indexOf(last) + last.length);
});

test.each(['kind: Other', '    - host', '---', ''])('“%s” holds nothing', (line) => {
  const from = text.indexOf(`${line}\n`);
  expect(blockEnd(text, from, from + line.length)).toBeNull();
});

test('each line that holds others knows the last of them', () => {
  expect([...blocksOf(text)]).toEqual([
    [1, 8],
    [2, 6],
    [3, 4],
    [7, 8],
  ]);
});
