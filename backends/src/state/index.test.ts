import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openState } from './index.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bartizan-state-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const ref = { cluster: 'c', kind: 'NetworkPolicy', namespace: 'shop', name: 'web' };
const change = {
  ...ref,
  atMs: 1_800_000_000_123,
  by: 'mara',
  action: 'update',
  note: null,
  before: 'a: 1\n',
  after: 'a: 2\n',
} as const;

test('revisions of one policy are counted from 1 and read newest first, also after a restart', async () => {
  const file = join(folder, 'state.sqlite');
  const first = openState({ file });
  expect(await first.addRevision(change)).toEqual({ ...change, revision: 1 });
  expect(await first.addRevision({ ...change, action: 'delete', after: null })).toMatchObject({ revision: 2 });
  expect(await first.addRevision({ ...change, name: 'other' })).toMatchObject({ revision: 1 });
  await first.close();
  const second = openState({ file });
  expect((await second.revisions(ref)).map(({ revision, after }) => [revision, after])).toEqual([
    [2, null],
    [1, 'a: 2\n'],
  ]);
  await second.close();
});

test('of each policy the newest version before a moment can be had', async () => {
  const state = openState({ file: ':memory:' });
  for (const [name, atMs, after] of [
    ['web', 10, 'a'],
    ['web', 20, 'b'],
    ['web', 30, null],
    ['api', 25, 'c'],
  ] as const)
    await state.addRevision({ ...change, name, atMs, after });
  const at = async (atMs: number) =>
    (await state.revisionsBefore({ cluster: 'c', atMs })).map(({ name, after }) => `${name}:${after}`).toSorted();
  expect([await at(5), await at(20), await at(29), await at(99)]).toEqual([
    [],
    ['web:b'],
    ['api:c', 'web:b'],
    ['api:c', 'web:null'],
  ]);
  await state.close();
});

test('of several revisions that are added together all stay, or none', async () => {
  const state = openState({ file: ':memory:' });
  await state.addRevisions([change, { ...change, after: null }]);
  expect((await state.revisions(ref)).map(({ revision }) => revision)).toEqual([2, 1]);
  const broken = { ...change, by: null as unknown as string };
  await expect(state.addRevisions([change, broken])).rejects.toThrow(/NOT NULL/);
  expect(await state.revisions(ref)).toHaveLength(2);
  await state.close();
});

test('the newest version of each policy is told without its texts, also that there is none any more', async () => {
  const state = openState({ file: ':memory:' });
  for (const [name, atMs, after] of [
    ['web', 10, 'a'],
    ['web', 30, null],
    ['api', 25, 'c'],
  ] as const)
    await state.addRevision({ ...change, name, atMs, after });
  await state.addRevision({ ...change, cluster: 'other' });
  const { before: _before, after: _after, ...head } = change;
  expect(await state.latestRevisions('c')).toEqual([
    { ...head, name: 'web', atMs: 30, revision: 2, isGone: true },
    { ...head, name: 'api', atMs: 25, revision: 1, isGone: false },
  ]);
  await state.close();
});

test('a timed change is kept until somebody ends it, and one alone ends it', async () => {
  const state = openState({ file: ':memory:' });
  const pending = { ...ref, id: 'a', madeAtMs: 1, revertAtMs: 2, by: 'mara', before: null, after: 'a: 2\n' };
  await state.addPending(pending);
  await state.addPending({ ...pending, id: 'b', revertAtMs: 1 });
  expect((await state.pending()).map(({ id }) => id)).toEqual(['b', 'a']);
  expect((await state.pending())[1]).toEqual(pending);
  expect([await state.endPending('a'), await state.endPending('a')]).toEqual([true, false]);
  await state.close();
});

test('a setting is what was written last, or null', async () => {
  const state = openState({ file: ':memory:' });
  expect(await state.readSetting('key')).toBeNull();
  await state.writeSetting('key', 'one');
  await state.writeSetting('key', 'two');
  expect(await state.readSetting('key')).toBe('two');
  await state.close();
});

test('a file of a newer version, or one that is no database, is refused in words', () => {
  const file = join(folder, 'newer.sqlite');
  const database = new Database(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openState({ file })).toThrow(/newer version of the console/);
  expect(() => openState({ file: folder })).toThrow(/state could not open/);
});
