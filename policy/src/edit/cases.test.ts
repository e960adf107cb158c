import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { setEnforcement } from './enforcement.ts';

interface Case {
  readonly name: string;
  readonly rule: string;
  readonly enabled?: string;
  readonly disabled: string;
  readonly enable?: string;
}

const file = new URL('../../cases/edit/enforcement.yaml', import.meta.url);
const cases: readonly Case[] = parse(readFileSync(file, 'utf8'));

test.each(cases)('$name — $rule', ({ enabled, disabled, enable }) => {
  const before = enabled ?? disabled;
  expect(setEnforcement(before, { enabled: false })).toEqual({ ok: true, value: disabled });
  expect(setEnforcement(disabled, { enabled: true })).toEqual({ ok: true, value: enabled ?? enable });
});

test('every case names a rule of the specification', () => {
  const specification = readFileSync(new URL('../../spec/editing.md', import.meta.url), 'utf8');
  const numbers = [...specification.matchAll(/^\| ((?:EDIT|RULE)-\d+) /gm)].map(([, number]) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const { rule } of cases) expect(numbers).toContain(rule);
});
