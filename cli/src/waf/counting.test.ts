import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../policy/run-command.suite.ts';
import { accessLine, countLogs, once, record } from './count-logs.suite.ts';
import { report } from './report.ts';

const errorLine = (uri: string): string =>
  `2024/06/15 12:12:40 [error] 33#33: *17 [client 203.0.113.7] ModSecurity: Access denied with code 403 (phase 2). Matched [file "/crs/949.conf"] [line "80"] [id "949110"] [rev ""] [msg "Exceeded"] [data ""] [severity "2"] [ver ""] [maturity "0"] [accuracy "0"] [hostname "10.0.0.9"] [uri "/a"] [unique_id "171845356027.087146"] [ref ""], client: 203.0.113.7, server: s, request: "GET ${uri} HTTP/1.1", host: "shop.example"\n`;

describe('a transaction counts once', () => {
  test('whether its record stands in a log, in its copy, or in both', async () => {
    const log = [record(), record({ unique_id: '171845356028.1', time_stamp: 'Sat Jun 15 12:12:41 2024' })].join('\n');
    expect(await countLogs({ audit: [`${log}\n`, gzipSync(`${log}\n`)] })).toMatchObject({ records: 2, blocked: 2 });
  });

  test.each([
    ['first', (audit: string, error: string) => [audit, error]],
    ['last', (audit: string, error: string) => [error, audit]],
  ])('in the audit log and in the error log, the audit log %s', async (_, order) => {
    const counted = await countLogs({ audit: order(`${record()}\n`, errorLine('/a?id=1')) });
    expect(counted).toMatchObject({ records: 1, blocked: 1 });
    expect(counted.by.rule).toEqual(once('942100'));
  });

  test('two requests are two, also where the engine numbers by the second, or one asks for two pages', async () => {
    const same = { unique_id: '1718453560' };
    expect(await countLogs({ audit: `${record(same)}\n${record(same)}\n` })).toMatchObject({ records: 2 });
    const other = { request: { method: 'GET', uri: '/b', headers: {} } };
    expect(await countLogs({ audit: `${record()}\n${record(other)}\n` })).toMatchObject({ records: 2 });
    expect(await countLogs({ audit: [`${record()}\n`, errorLine('/b')] })).toMatchObject({ records: 2 });
  });
});

describe('the zone of a machine is learned from its access log', () => {
  test.each([
    [
      'spring',
      ['Sun Mar 31 01:59:59 2024', 'Sun Mar 31 03:00:01 2024'],
      ['31/Mar/2024:01:59:59 +0100', '31/Mar/2024:03:00:01 +0200'],
    ],
    [
      'autumn',
      ['Sun Oct 27 02:59:58 2024', 'Sun Oct 27 02:00:02 2024'],
      ['27/Oct/2024:02:59:58 +0200', '27/Oct/2024:02:00:02 +0100'],
    ],
    ['a zone of half an hour', ['Sat Jun 15 17:42:40 2024'], ['15/Jun/2024:17:42:40 +0530']],
  ])('%s', async (_, stamps, times) => {
    const audit = stamps.map((time_stamp, at) => `${record({ time_stamp, unique_id: `1.${at}` })}\n`).join('');
    const access = times.map((time) => `${accessLine({ time })}\n`).join('');
    const counted = await countLogs({ audit, access });
    const all = times.length;
    expect(counted).toMatchObject({ total: all, records: all, anomalousShare: 1 });
    expect(counted.by.client).toEqual([{ value: '203.0.113.7', count: all, anomalous: all }]);
  });
});

test('a folder with a file for each transaction is read, however many', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-concurrent-'));
  try {
    await mkdir(join(folder, '20240615'));
    const names = Array.from({ length: 150 }, (_, at) => `20240615-121240-${at}`);
    for (const [at, name] of names.entries())
      await writeFile(join(folder, '20240615', name), record({ unique_id: `171845356027.${at}` }));
    const { code, out } = await runCommand(report, [folder, '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ records: 150, malformed: 0, blocked: 150 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
