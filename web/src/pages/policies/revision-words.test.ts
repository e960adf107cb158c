import type { PolicyRevision } from '@bartizan/api';
import { expect, test } from 'vitest';
import { comparisons, plain, sameContent, timedOutcome } from './revision-words.ts';

const revision = (number: number, manifest: string | null): PolicyRevision => ({
  revision: number,
  at: '2026-01-01T00:00:00Z',
  by: 'mara',
  action: 'update',
  manifest,
});
const all = [revision(3, null), revision(2, 'b'), revision(1, 'a')];

test('a version is compared with the one before it, with the cluster, or with any other', () => {
  const [, second] = all;
  if (!second) throw new Error('there are three');
  expect(comparisons(second, all, 'now').map(({ label }) => label)).toEqual([
    'version 1, before it',
    'the cluster now',
    'version 3',
  ]);
});

test('the first version has nothing before it', () => {
  const [, , first] = all;
  if (!first) throw new Error('there are three');
  expect(comparisons(first, all, null)[0]).toEqual({ key: 'before', label: 'nothing', manifest: null });
});

test('what the server writes beside a version makes no difference', () => {
  const stored = 'metadata:\n  name: web\n';
  const live = 'metadata:\n  name: web\n  resourceVersion: "7"\n  uid: u\n';
  expect(plain(live)).toBe(stored);
  expect(sameContent(stored, live)).toBe(true);
  expect(sameContent(null, null)).toBe(false);
});

test('what became of a timed change is read from its version, and from no other', () => {
  const of = (action: PolicyRevision['action'], note: string) => timedOutcome({ ...revision(1, 'a'), action, note });
  expect(of('restore', 'timed change taken back: nobody confirmed it in time')).toMatchObject({
    isTakenBack: true,
    detail: 'nobody confirmed it in time',
  });
  expect(of('observed', 'The policy was changed after the timed change, so it was not taken back.')).toMatchObject({
    isTakenBack: false,
  });
  expect(of('update', 'timed change taken back: a note of somebody')).toBeNull();
  expect(timedOutcome(revision(1, 'a'))).toBeNull();
});
