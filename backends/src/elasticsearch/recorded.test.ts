import { expect, test } from 'vitest';
import type { Hit } from './answer.ts';
import type { Profile } from './profile.ts';
import { createRecorded } from './recorded.ts';
import type { PagesAsked, Search } from './search.ts';

const profile: Profile = {
  timeField: '@timestamp',
  audit: [],
  access: [{ kind: 'text', field: 'message' }],
  accessOnly: [],
  auditOnly: [],
  namespaceField: null,
};
const minute = 60_000;
const window = { fromMs: 5 * minute, toMs: 55 * minute };

function lineAt(ms: number): Hit {
  const message = '203.0.113.7 - - [01/Jan/1970:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "a"';
  return { _index: 'a', _id: String(ms), _source: { message }, fields: { '@timestamp': [String(ms)] } };
}

function searchIn(documents: readonly number[]) {
  const read: [number, number, boolean][] = [];
  const search: Search = {
    engine: async () => ({ kind: 'opensearch', version: '2' }),
    kind: () => 'opensearch',
    fields: async () => ({ fields: new Map(), indices: [] }),
    async ask() {
      const counts = new Map<number, number>();
      for (const ms of documents) {
        const start = Math.floor(ms / (10 * minute)) * 10 * minute;
        counts.set(start, (counts.get(start) ?? 0) + 1);
      }
      const buckets = [...counts].map(([key, count]) => ({ key, doc_count: count }));
      const none = { byTime: { buckets: [] } };
      return { total: documents.length, hits: [], aggregations: { audit: none, access: { byTime: { buckets } } } };
    },
    async *pages(_profile: Profile, { range, isFrozen }: PagesAsked) {
      read.push([range.fromMs / minute, range.toMs / minute, isFrozen]);
      yield documents.filter((ms) => ms >= range.fromMs && ms < range.toMs).map(lineAt);
    },
  };
  return { search, read };
}

test('what was read is read again only where documents came in', async () => {
  const documents = [minute, 6 * minute, 21 * minute, 41 * minute];
  const { search, read } = searchIn(documents);
  const recorded = createRecorded(search);
  const times = async () => (await recorded.lines(profile, window))?.items.map(({ timeMs }) => timeMs / minute);
  expect(await times()).toEqual([6, 21, 41]);
  expect(read.splice(0)).toEqual([[0, 50, false]]);
  expect(await times()).toEqual([6, 21, 41]);
  expect(read.splice(0)).toEqual([]);
  documents.push(7 * minute, 42 * minute);
  expect(await times()).toEqual([6, 7, 21, 41, 42]);
  expect(read.splice(0)).toEqual([
    [0, 10, false],
    [40, 50, false],
  ]);
});

test('two that ask at the same time read once', async () => {
  const { search, read } = searchIn([6 * minute]);
  const recorded = createRecorded(search);
  await Promise.all([recorded.lines(profile, window), recorded.lines(profile, window)]);
  expect(read).toEqual([[0, 10, false]]);
});

test('more than can be read is not read', async () => {
  const { search, read } = searchIn(Array.from({ length: 200_001 }, () => 6 * minute));
  expect(await createRecorded(search).lines(profile, window)).toBeNull();
  expect(read).toEqual([]);
});
