import { describe, expect, test } from 'vitest';
import type { Fields } from './answer.ts';
import { describeProfile, findLineNarrowing, findProfile } from './profile.ts';

function fieldsOf(types: Readonly<Record<string, string>>): Fields {
  return new Map(Object.entries(types).map(([name, type]) => [name, { [type]: [] }]));
}

const record = 'messages.details.ruleId';

describe('audit records', () => {
  test.each<[Record<string, string>, readonly object[]]>([
    [{ [`transaction.${record}`]: 'text' }, [{ kind: 'object', path: 'transaction' }]],
    [{ 'message.transaction.time_stamp': 'text' }, [{ kind: 'object', path: 'message.transaction' }]],
    [{ [`modsec.${record}`]: 'keyword', message: 'text' }, [{ kind: 'object', path: 'modsec' }]],
    [{ 'waf.transaction.unix_timestamp': 'long' }, [{ kind: 'object', path: 'waf.transaction' }]],
    [{ 'transaction.transaction_id': 'keyword' }, [{ kind: 'object', path: 'transaction' }]],
    [{ 'modsec.audit.details': 'flattened' }, [{ kind: 'ecs' }]],
    [{ 'modsec.audit.details.details.ruleId': 'keyword' }, [{ kind: 'ecs' }]],
    [{ message: 'match_only_text' }, [{ kind: 'text', field: 'message' }]],
    [{ '@timestamp': 'date' }, []],
  ])('of indices with the fields %j are found', (types, audit) => {
    expect(findProfile(fieldsOf(types), {}).audit).toEqual(audit);
  });

  test('are where the configuration says, whatever else is there', () => {
    const fields = fieldsOf({ 'transaction.time_stamp': 'text', message: 'text' });
    expect(findProfile(fields, { auditField: 'message' }).audit).toEqual([{ kind: 'text', field: 'message' }]);
    expect(findProfile(fields, { auditField: 'a.b' }).audit).toEqual([{ kind: 'object', path: 'a.b' }]);
    expect(findProfile(fields, { auditField: 'modsec.audit' }).audit).toEqual([{ kind: 'ecs' }]);
  });

  test('can be told by a value of a field that keeps it whole', () => {
    const fields = fieldsOf({ 'kubernetes.container.name': 'text', 'kubernetes.container.name.keyword': 'keyword' });
    const auditWhere = { 'kubernetes.container.name': 'modsecurity-log' };
    expect(findProfile(fields, { auditWhere }).auditOnly).toEqual([
      { field: 'kubernetes.container.name.keyword', values: ['modsecurity-log'] },
    ]);
  });
});

describe('access lines', () => {
  test.each<[Record<string, string>, readonly object[]]>([
    [{ message: 'text' }, [{ kind: 'text', field: 'message' }]],
    [{ remote_addr: 'keyword' }, [{ kind: 'fields', path: '' }]],
    [{ 'nginx.remote_addr': 'keyword' }, [{ kind: 'fields', path: 'nginx' }]],
    [{ 'http.response.status_code': 'long', 'source.address': 'keyword' }, [{ kind: 'ecs' }]],
  ])('of indices with the fields %j are found', (types, access) => {
    expect(findProfile(fieldsOf(types), {}).access).toEqual(access);
  });

  test('are told from other texts by the first mark that has a known value', () => {
    const fields = fieldsOf({ 'event.dataset': 'keyword', 'kubernetes.container.name': 'keyword', stream: 'keyword' });
    const values = (dataset: string[]) =>
      new Map([
        ['event.dataset', dataset],
        ['kubernetes.container.name', ['shop', 'controller']],
      ]);
    expect(findLineNarrowing(fields, values(['nginx.error', 'nginx.access']))).toEqual([
      { field: 'event.dataset', values: ['nginx.access'] },
    ]);
    expect(findLineNarrowing(fields, values(['nginx.error']))).toEqual([
      { field: 'kubernetes.container.name', values: ['controller'] },
      { field: 'stream', values: ['stdout'] },
    ]);
    expect(findLineNarrowing(fieldsOf({}), values([]))).toEqual([]);
  });
});

test('what was found is said in words', () => {
  const found = findProfile(fieldsOf({ 'transaction.time_stamp': 'text', message: 'text' }), {});
  expect(
    describeProfile({ ...found, accessOnly: [{ field: 'event.dataset.keyword', values: ['nginx.access'] }] }),
  ).toBe('audit records: decoded at transaction; access lines: as text in message where event.dataset is nginx.access');
});
