import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runCommand, withFiles } from '../policy/run-command.suite.ts';
import { repeatAccess } from './log-options.ts';
import { report } from './report.ts';
import type { WafReport } from './report-counts.ts';

async function reportOf(
  files: Readonly<Record<string, string | Buffer>>,
  args: readonly string[],
): Promise<WafReport & { readonly err: string }> {
  return withFiles(files, async (path) => {
    const result = await runCommand(report, [...args.map((arg) => (arg in files ? path(arg) : arg)), '-o', 'json']);
    expect({ code: result.code, err: result.code === 0 ? '' : result.err }).toEqual({ code: 0, err: '' });
    return { ...JSON.parse(result.out), err: result.err };
  });
}

const blocked = (fields: { id: string; time: string; client: string; uri: string; status?: number }): string =>
  `${JSON.stringify({
    transaction: {
      client_ip: fields.client,
      time_stamp: fields.time,
      unique_id: fields.id,
      request: { method: 'GET', http_version: 1.1, uri: fields.uri, headers: { Host: 'shop.example' } },
      response: { http_code: fields.status ?? 403 },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages: [
        { message: 'SQLi', details: { ruleId: '942100', severity: '2', tags: ['attack-sqli', 'OWASP_CRS'] } },
        { message: 'Exceeded', details: { ruleId: '949110', severity: '2', tags: ['attack-generic'] } },
      ],
    },
  })}\n`;
const access = (fields: { time: string; client: string; uri: string; status: number }): string =>
  `${fields.client} - - [${fields.time}] "GET ${fields.uri} HTTP/1.1" ${fields.status} 153 "-" "curl/8"\n`;

const twoOfThree = {
  'audit.log':
    blocked({ id: 'a', time: 'Sat Jun 15 12:00:01 2024', client: '203.0.113.7', uri: '/?id=1' }) +
    blocked({ id: 'b', time: 'Sat Jun 15 12:00:03 2024', client: '203.0.113.8', uri: '/?id=2' }),
  'access.log':
    access({ time: '15/Jun/2024:12:00:01 +0000', client: '203.0.113.7', uri: '/?id=1', status: 403 }) +
    access({ time: '15/Jun/2024:12:00:02 +0000', client: '203.0.113.9', uri: '/', status: 200 }) +
    access({ time: '15/Jun/2024:12:00:03 +0000', client: '203.0.113.8', uri: '/?id=2', status: 403 }),
};

describe('waf report', () => {
  test('requests come from the access log, classes from the audit log, lists from both joined', async () => {
    const { err: _err, ...counted } = await reportOf(twoOfThree, ['audit.log', '--access', 'access.log']);
    expect(counted).toMatchObject({
      total: 3,
      anomalous: 2,
      blocked: 2,
      detected: 0,
      matched: 0,
      records: 2,
      malformed: 0,
    });
    expect(counted.anomalousShare).toBeCloseTo(2 / 3, 12);
    expect(counted.by.rule).toEqual([{ value: '942100', count: 2, anomalous: 2 }]);
    expect(counted.by.status).toEqual([
      { value: '403', count: 2, anomalous: 2 },
      { value: '200', count: 1, anomalous: 0 },
    ]);
    expect(counted.buckets).toEqual([{ start: '2024-06-15T12:00:00.000Z', total: 3, anomalous: 2, blocked: 2 }]);
  });

  test('without an access log the total and the share are null, and lists count records', async () => {
    const counted = await reportOf(twoOfThree, ['audit.log']);
    expect(counted).toMatchObject({ total: null, anomalousShare: null, anomalous: 2, records: 2 });
    expect(counted.by.client.map(({ count }) => count)).toEqual([1, 1]);
    expect(counted.buckets[0]?.total).toBeNull();
  });

  test('the order of lines, compression and several files change no figure', async () => {
    const [first = '', second = ''] = twoOfThree['audit.log'].split(/(?<=\n)/);
    const files = {
      'audit.1.gz': gzipSync(second),
      'audit.log': first,
      'access.log': twoOfThree['access.log'],
    };
    const counted = await reportOf(files, ['audit.log', 'audit.1.gz', '--access', 'access.log', '--top', '1']);
    expect(counted).toMatchObject({ total: 3, anomalous: 2 });
    expect(counted.by.client).toHaveLength(1);
  });

  test('the zone of an audit log is that of the access log, unless one is given', async () => {
    const files = {
      'audit.log': blocked({ id: 'a', time: 'Sat Jun 15 14:00:01 2024', client: '203.0.113.7', uri: '/?id=1' }),
      'access.log': access({ time: '15/Jun/2024:14:00:01 +0200', client: '203.0.113.7', uri: '/?id=1', status: 403 }),
    };
    const counted = await reportOf(files, ['audit.log', '--access', 'access.log']);
    expect(counted.by.client).toEqual([{ value: '203.0.113.7', count: 1, anomalous: 1 }]);
    expect(counted.err).toContain('+02:00');
    const named = await reportOf(files, ['audit.log', '--time-zone', 'Europe/Berlin']);
    expect(named.buckets[0]?.start).toBe('2024-06-15T12:00:00.000Z');
  });

  test('a share is taken over the time that both logs cover', async () => {
    const hour = (at: number, minute: number): string => `${at}:${String(minute).padStart(2, '0')}:00`;
    const minutes = [0, 15, 30, 45];
    const files = {
      'access.log': [10, 11]
        .flatMap((at) =>
          minutes.map((minute) =>
            access({
              time: `15/Jun/2024:${hour(at, minute)} +0000`,
              client: '203.0.113.7',
              uri: `/${at}${minute}`,
              status: 403,
            }),
          ),
        )
        .join(''),
      'audit.log': [11, 12]
        .flatMap((at) =>
          minutes.map((minute) =>
            blocked({
              id: `${at}.${minute}`,
              time: `Sat Jun 15 ${hour(at, minute)} 2024`,
              client: '203.0.113.7',
              uri: `/${at}${minute}`,
            }),
          ),
        )
        .join(''),
    };
    const counted = await reportOf(files, ['audit.log', '--access', 'access.log']);
    expect(counted).toMatchObject({ total: 8, records: 8, anomalousShare: 1 });
  });

  test('a broken line and half a line at the end are counted, not fatal', async () => {
    const files = {
      'audit.log': `${twoOfThree['audit.log']}{"transaction":{"client\n${twoOfThree['audit.log'].slice(0, 90)}`,
    };
    expect(await reportOf(files, ['audit.log'])).toMatchObject({ records: 2, malformed: 2 });
  });

  test.each([
    [['none.log'], 'no such file'],
    [['audit.log', '--access', 'audit.log'], 'without --access'],
    [['access.log', '--access', 'access.log'], 'access.log:1: this is an access log (combined): give it with --access'],
    [['notes.txt'], 'notes.txt:1'],
    [['audit.log', '--time-zone', 'Mars/Base'], '--time-zone'],
    [['audit.log', '--access-format', '$status'], '--access-format'],
  ])('%s is refused with its reason', async (args, reason) => {
    const files: Readonly<Record<string, string>> = { ...twoOfThree, 'notes.txt': 'hello\n' };
    await withFiles(files, async (path) => {
      const result = await runCommand(
        report,
        args.map((arg) => (arg in files ? path(arg) : arg)),
      );
      expect(result.code).toBe(2);
      expect(result.err).toContain(reason);
    });
  });

  test('standard input is read, also packed', async () => {
    const result = await runCommand(report, ['-'], twoOfThree['audit.log']);
    expect(result.out).toContain('942100');
  });

  test('log content cannot command the terminal', async () => {
    const hostile = blocked({ id: 'a', time: 'Sat Jun 15 12:00:01 2024', client: '203.0.113.7', uri: '/%1b%5b2J' });
    await withFiles({ 'audit.log': hostile }, async (path) => {
      const { out } = await runCommand(report, [path('audit.log')]);
      expect(out).toContain('/\uFFFD[2J');
    });
  });

  test('several access logs may follow one option', () => {
    expect(repeatAccess(['a', '--access', 'b', 'c', '--top', '3'])).toEqual([
      'a',
      '--access',
      'b',
      '--access',
      'c',
      '--top',
      '3',
    ]);
    expect(repeatAccess(['--access', 'b', 'a'])).toEqual(['--access', 'b', 'a']);
  });
});
