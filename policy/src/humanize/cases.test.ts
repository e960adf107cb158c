import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { describePolicy } from './describe.ts';
import { toText } from './words.ts';

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly kind: string;
  readonly as?: 'cilium' | 'kubernetes';
  readonly spec: never;
  readonly says: readonly string[];
}

const file = new URL('../../cases/edit/words.yaml', import.meta.url);
const cases: readonly Case[] = parse(readFileSync(file, 'utf8'));

test.each(cases)('$name — $rule', ({ kind, as = 'cilium', spec, says }) => {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  const namespace = kind === 'CiliumClusterwideNetworkPolicy' ? {} : { namespace: 'shop' };
  const text = toText(describePolicy({ apiVersion, kind, metadata: { name: 'p', ...namespace }, spec }, { as }));
  const sentences = text.split('\n').map((line) => line.replace(/^ +(?:- )?/, ''));
  expect(sentences).toEqual(expect.arrayContaining([...says]));
});

test('every rule of the specification is named once', () => {
  const specification = readFileSync(new URL('../../spec/words.md', import.meta.url), 'utf8');
  const numbers = [...specification.matchAll(/^\| (WORD-\d+) /gm)].map(([, number]) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const { rule } of cases) expect(numbers).toContain(rule);
});
