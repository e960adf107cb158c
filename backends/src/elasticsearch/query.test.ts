import { expect, test } from 'vitest';
import type { Profile } from './profile.ts';
import { countsBody, documentBody, edgeBody, pageBody, sourcesFor } from './query.ts';

const profile: Profile = {
  timeField: '@timestamp',
  audit: [{ kind: 'object', path: 'transaction' }],
  access: [{ kind: 'text', field: 'message' }],
  accessOnly: [{ field: 'log.file.path', values: ['/var/log/nginx/access.log'] }],
  auditOnly: [],
  namespaceField: null,
};
const range = { fromMs: 1000, toMs: 2000 };
const during = { range: { '@timestamp': { gte: 1000, lt: 2000, format: 'epoch_millis' } } };
const members = ['time_stamp', 'unix_timestamp', 'transaction_id', 'messages.details.ruleId'];
const isRecord = {
  bool: { should: members.map((name) => ({ exists: { field: `transaction.${name}` } })), minimum_should_match: 1 },
};
const records = { bool: { filter: [isRecord] } };
const lines = {
  bool: {
    filter: [
      {
        bool: {
          filter: [{ exists: { field: 'message' } }, { terms: { 'log.file.path': ['/var/log/nginx/access.log'] } }],
        },
      },
    ],
    must_not: [isRecord],
  },
};
const time = { field: '@timestamp', format: 'epoch_millis' };

test('documents are counted without a limit, in fixed intervals', () => {
  const byTime = { date_histogram: { field: '@timestamp', fixed_interval: '60000ms', min_doc_count: 1 } };
  expect(countsBody(profile, range, 60_000)).toEqual({
    size: 0,
    track_total_hits: true,
    query: during,
    aggs: { audit: { filter: records, aggs: { byTime } }, access: { filter: lines, aggs: { byTime } } },
  });
});

test('a page is asked for in the order of time, at a point in time', () => {
  const asked = { side: 'audit', range, order: 'desc', size: 10, pointInTime: 'p', sources: {} } as const;
  const page = {
    size: 10,
    track_total_hits: false,
    query: { bool: { filter: [during, records] } },
    sort: [{ '@timestamp': { order: 'desc' } }],
    _source: {},
    docvalue_fields: [time],
    pit: { id: 'p', keep_alive: '1m' },
  };
  expect(pageBody(profile, asked)).toEqual(page);
  expect(pageBody(profile, { ...asked, isById: true, after: [1999, 'x'] })).toEqual({
    ...page,
    sort: [{ '@timestamp': { order: 'desc' } }, { _id: { order: 'desc' } }],
    search_after: [1999, 'x'],
  });
});

test('a transaction is looked up among the records, whatever its id says', () => {
  expect(documentBody(profile, { index: 'secrets', id: '7' })).toEqual({
    size: 1,
    track_total_hits: false,
    query: { bool: { filter: [{ ids: { values: ['7'] } }, { term: { _index: 'secrets' } }, records] } },
    docvalue_fields: [time],
  });
});

test('the first document of a side is one document', () => {
  expect(edgeBody(profile, 'access', 'asc')).toMatchObject({
    size: 1,
    query: lines,
    sort: [{ '@timestamp': { order: 'asc' } }],
  });
});

test('bodies are not fetched for lists', () => {
  expect(sourcesFor({ ...profile, audit: [{ kind: 'object', path: 'waf_json.transaction' }] }, 'audit')).toEqual({
    includes: [
      'waf_json.transaction',
      'waf_json.messages',
      'waf_json.request',
      'waf_json.response',
      'waf_json.audit_data',
    ],
    excludes: ['*.body', '*.response.headers'],
  });
});
