import { describe, expect, test } from 'vitest';
import type { AccessLine } from '../access/access-line.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { createJoiner } from './joiner.ts';
import type { Joined } from './joiner.ts';

const noon = Date.parse('2026-06-15T12:00:00Z');

function line(fields: Partial<AccessLine> = {}): AccessLine {
  return {
    timeMs: noon,
    offsetMinutes: 0,
    client: '203.0.113.7',
    method: 'GET',
    uri: '/a',
    httpVersion: '1.1',
    host: '',
    status: 200,
    userAgent: null,
    upstream: null,
    answeredBy: 'unknown',
    upstreamAddress: null,
    upstreamStatus: null,
    durationMs: null,
    requestId: null,
    ...fields,
  };
}

function record(fields: Partial<AuditRecord> = {}): AuditRecord {
  return {
    dialect: 'modsecurity-json',
    id: null,
    timeMs: noon,
    client: '203.0.113.7',
    method: 'GET',
    uri: '/a',
    httpVersion: '1.1',
    host: '',
    userAgent: null,
    status: 200,
    engine: 'on',
    stopped: null,
    components: [],
    messages: [],
    request: null,
    response: null,
    ...fields,
  };
}

/** Pairs as `line+record`, what stays alone by itself. */
function joinAll(
  lines: readonly Partial<AccessLine>[],
  records: readonly Partial<AuditRecord>[],
  capacity = 1000,
): string[] {
  const joiner = createJoiner<string, string>({ capacity, merge: (first, further) => `${first}&${further}` });
  lines.forEach((fields, at) => joiner.addLine(line(fields), `L${at}`, 0));
  records.forEach((fields, at) => joiner.addRecord(record(fields), `R${at}`, 0));
  return shown(joiner.settle({ accessMs: Infinity, auditMs: Infinity, isEnd: true }));
}

function shown(joined: readonly Joined<string, string>[]): string[] {
  return joined.map(({ access, audit }) => [access?.kept, audit?.kept].filter(Boolean).join('+')).toSorted();
}

describe('joining access lines with audit records', () => {
  test.each([
    ['in the same second', {}, {}, ['L0+R0']],
    ['a second early, because nginx caches its clock', { timeMs: noon - 1000 }, {}, ['L0+R0']],
    ['two seconds apart', { timeMs: noon + 2000 }, {}, ['L0', 'R0']],
    [
      'by its beginning, where the line says how long it took',
      { timeMs: noon + 30_000, durationMs: 30_000 },
      {},
      ['L0+R0'],
    ],
    ['by id, whatever else', { requestId: 'x', uri: '/b', timeMs: noon + 60_000 }, { id: 'x' }, ['L0+R0']],
    ['another client', { client: '203.0.113.8' }, {}, ['L0', 'R0']],
    ['another method', { method: 'POST' }, {}, ['L0', 'R0']],
    ['another status, as when an answer is stopped', { status: 500 }, { status: 403 }, ['L0+R0']],
    ['asked for in absolute form', { uri: 'http://shop.example/a' }, {}, ['L0+R0']],
    [
      'bytes that are not UTF-8, replaced one by one or together',
      { uri: '/\uFFFD\uFFFD' },
      { uri: '/\uFFFD' },
      ['L0+R0'],
    ],
  ] as const)('%s', (_, lineFields, recordFields, pairs) => {
    expect(joinAll([lineFields], [recordFields])).toEqual(pairs);
  });

  test('ties go to the same status, and no line is used twice', () => {
    expect(joinAll([{ status: 200 }, { status: 403 }], [{ status: 403 }])).toEqual(['L0', 'L1+R0']);
    expect(joinAll([{ status: 403 }], [{ status: 403 }, { status: 403 }])).toEqual(['L0+R0', 'R1']);
    expect(joinAll([{ status: 200 }, { status: 403 }], [{ status: 403 }, { status: 200 }])).toEqual(['L0+R1', 'L1+R0']);
  });

  test('what may still get a partner waits; what cannot any more does not', () => {
    const joiner = createJoiner<string, string>({ merge: (first) => first });
    joiner.addLine(line(), 'L0', 0);
    expect(joiner.settle({ accessMs: noon, auditMs: noon + 4000 })).toEqual([]);
    expect(joiner.size).toBe(1);
    joiner.addRecord(record(), 'R0', 0);
    expect(shown(joiner.settle({ accessMs: noon, auditMs: noon + 6000 }))).toEqual(['L0+R0']);
    expect(joiner.size).toBe(0);
  });

  test('beyond its capacity the oldest is decided, so that memory is bounded', () => {
    const joiner = createJoiner<string, string>({ capacity: 10, merge: (first) => first });
    for (let at = 0; at < 100; at += 1) {
      joiner.addLine(line({ uri: `/${at}` }), `L${at}`, 0);
      joiner.settle({ accessMs: 0, auditMs: 0 });
    }
    expect(joiner.size).toBeLessThanOrEqual(10);
  });

  test('lines of an error log about the same transaction become one', () => {
    const own = { dialect: 'error-line', id: 'u' } as const;
    expect(joinAll([{}], [own, own, { ...own, id: 'v', uri: '/b' }])).toEqual(['L0+R0&R1', 'R2']);
  });

  test('a flood of one request that is twice as long takes twice the work, not four times', () => {
    const shortReads = readsOfFlood(2000);
    expect(readsOfFlood(4000) / shortReads).toBeLessThan(2.5);
  });
});

/** How often a line is looked at while equal requests, a hundred a second, are joined. */
function readsOfFlood(requests: number): number {
  const joiner = createJoiner<number, number>({ merge: (first) => first });
  let reads = 0;
  const counted = (fields: AccessLine): AccessLine =>
    Object.defineProperty({ ...fields }, 'timeMs', { get: () => ((reads += 1), fields.timeMs) });
  let joined = 0;
  for (let at = 0; at < requests; at += 1) {
    const timeMs = noon + at * 10;
    joiner.addLine(counted(line({ timeMs })), at, 0);
    joiner.addRecord(record({ timeMs: Math.floor(timeMs / 1000) * 1000 }), at, 0);
    if (at % 500 === 0) joined += joiner.settle({ accessMs: timeMs, auditMs: timeMs }).length;
  }
  joined += joiner.settle({ accessMs: Infinity, auditMs: Infinity, isEnd: true }).length;
  expect(joined).toBe(requests);
  return reads;
}
