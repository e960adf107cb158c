import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { validate } from './validate.ts';

interface Case {
  readonly name: string;
  readonly refusedBy: 'api-server' | 'cilium' | null;
  readonly manifest: string;
}

const file = new URL('../../cases/validation.json.gz', import.meta.url);
const cases = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as readonly Case[];

function refuserOf(manifest: string): string | null {
  const { manifests, problems } = readManifests(manifest);
  const errors = [...problems, ...manifests.flatMap((each) => validate(each))].filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length === 0) return null;
  return errors.some(({ refusedBy }) => refusedBy === 'api-server')
    ? 'api-server'
    : (errors[0]?.refusedBy ?? 'unreadable');
}

test('every manifest is refused by whom a real API server and Cilium’s agent say — VAL-1', () => {
  const wrong = cases
    .map(({ name, manifest, refusedBy }) => ({ name, refusedBy, ours: refuserOf(manifest) }))
    .filter(({ refusedBy, ours }) => ours !== refusedBy);
  expect(cases.length).toBe(2588);
  expect(wrong).toEqual([]);
});

test('every problem has a code, a sentence and a place — VAL-42', () => {
  const problems = cases.flatMap(({ manifest }) => readManifests(manifest).manifests.flatMap((each) => validate(each)));
  const incomplete = problems.filter(
    ({ code, message, line, column }) => !/^[a-z0-9-]+$/.test(code) || message.length < 20 || !line || !column,
  );
  expect(incomplete).toEqual([]);
});
