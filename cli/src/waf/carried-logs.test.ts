import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { accessLine, countLogs, once, record, runReport } from './count-logs.suite.ts';

const at = '2024-06-15T12:12:40.123456789Z';
const docker = (log: string, stream = 'stdout'): string => `${JSON.stringify({ log, stream, time: at })}\n`;
const long = record({ request: { method: 'POST', uri: '/long', headers: {}, body: 'ä'.repeat(20_000) } });
const pieces = (text: string, size = 16_384): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
const native = `---mK5JU2rL---A--
[15/Jun/2024:12:12:40 +0000] 171845356027.087146 203.0.113.7 57090 10.0.0.5 80
---mK5JU2rL---B--
GET /a?id=1 HTTP/1.1
Host: shop.example

---mK5JU2rL---F--
HTTP/1.1 403

---mK5JU2rL---H--
ModSecurity: Access denied with code 403 (phase 2). Matched [file "/crs/942.conf"] [line "46"] [id "942100"] [rev ""] [msg "SQLi"] [data ""] [severity "2"] [ver "OWASP_CRS/3.3.4"] [maturity "0"] [accuracy "0"] [tag "attack-sqli"] [hostname "10.0.0.9"] [uri "/a"] [unique_id "171845356027.087146"] [ref ""]

---mK5JU2rL---Z--`;

describe('records are read inside of whatever carries them', () => {
  test.each([
    ['Docker', docker(`${record()}\n`)],
    ['Docker, the last line of a container that has stopped', docker(record())],
    ['the mark of a container runtime', `${at} stdout F ${record()}\n`],
    ['kubectl logs --timestamps', `${at} ${record()}\n`],
    ['kubectl logs --prefix', `[pod/ingress-nginx-controller-5c8/controller] ${record()}\n`],
    ['docker compose', `nginx-1  | ${record()}\n`],
    ['stern', `ingress-nginx-controller-5c8 controller ${record()}\n`],
    ['stern -o json', `${JSON.stringify({ message: record(), podName: 'p', containerName: 'controller' })}\n`],
    ['journalctl', `Jun 15 12:12:40 edge nginx[123]: ${record()}\n`],
    ['journalctl -o json', `${JSON.stringify({ __REALTIME_TIMESTAMP: '1718453560123456', MESSAGE: record() })}\n`],
    ['journalctl -o json, words that are bytes', `${JSON.stringify({ MESSAGE: [...Buffer.from(record())] })}\n`],
    ['syslog', `<134>1 2024-06-15T12:12:40.123Z edge nginx 1 - - ${record()}\n`],
    ['logfmt', `time="${at}" level=info msg=${JSON.stringify(record())}\n`],
    ['Loki', `${JSON.stringify({ line: record(), timestamp: at, labels: {} })}\n`],
    ['Fluent Bit', `${JSON.stringify({ '@timestamp': at, log: record(), kubernetes: {} })}\n`],
    ['Filebeat', `${JSON.stringify({ '@timestamp': at, message: record() })}\n`],
    ['Filebeat, under a name of its own', `${JSON.stringify({ '@timestamp': at, modsec: JSON.parse(record()) })}\n`],
    ['a hit of a search', `${JSON.stringify({ _index: 'waf', _source: JSON.parse(record()) })}\n`],
    ['jq', `${JSON.stringify(JSON.parse(record()), null, 2)}\n`],
    ['jq --slurp', `${JSON.stringify([JSON.parse(record())], null, 2)}\n`],
    ['an array in one line', `[${record()}]\n`],
    ['an array over lines', `[\n${record()},\n]\n`],
    ['a byte order mark and CRLF', `\uFEFF${record()}\r\n`],
    ['zeros of a file that was truncated', `\0\0\0\0${record()}\n\0\0\n`],
    ['gzip in two members', Buffer.concat([gzipSync(`${record()}\n`), gzipSync('\n')])],
    ['native lines with the mark of a container runtime', native.replaceAll(/^/gm, `${at} stdout F `)],
    [
      'native lines in Docker',
      native
        .split('\n')
        .map((line) => docker(`${line}\n`))
        .join(''),
    ],
  ])('%s', async (_, audit) => {
    const counted = await countLogs({ audit });
    expect(counted).toMatchObject({ records: 1, malformed: 0, blocked: 1 });
    expect(counted.by).toMatchObject({ rule: once('942100'), path: once('/a'), host: once('shop.example') });
    expect(counted.buckets[0]?.start).toBe('2024-06-15T12:12:40.000Z');
  });

  test('a line that Docker cut at 16 KiB is one record, whatever another stream says in between', async () => {
    const parts = pieces(`${long}\n`).map((log) => docker(log));
    expect(parts.length).toBeGreaterThan(1);
    parts.splice(1, 0, docker('2024/06/15 12:12:40 [error] 3#3: *1 open() "/x" failed\n', 'stderr'));
    const counted = await countLogs({ audit: parts.join('') });
    expect(counted).toMatchObject({ records: 1, malformed: 0, blocked: 1 });
    expect(counted.by.path).toEqual(once('/long'));
  });

  test('the last part may end without a newline, and be short', async () => {
    const audit = pieces(long, 9000)
      .map((log) => docker(log))
      .join('');
    expect(await countLogs({ audit })).toMatchObject({ records: 1, malformed: 0 });
  });

  test('records without a newline between them are so many, also behind one that was cut', async () => {
    const [first, second, third] = ['1.1', '1.2', '1.3'].map((unique_id) => record({ unique_id }));
    expect(await countLogs({ audit: `${first}${second}\n${third}\n` })).toMatchObject({ records: 3, malformed: 0 });
    expect(await countLogs({ audit: `${first?.slice(0, 300)}${second}\n` })).toMatchObject({
      records: 1,
      malformed: 1,
    });
  });

  test('access lines are read in Docker, too', async () => {
    const counted = await countLogs({ audit: docker(`${record()}\n`), access: docker(`${accessLine()}\n`) });
    expect(counted).toMatchObject({ total: 1, records: 1, malformed: 0, blocked: 1 });
    expect(counted.by.client).toEqual(once('203.0.113.7'));
  });
});

describe('one stream with everything that a container writes', () => {
  const lines = [
    'I0615 12:12:40.123456       7 controller.go:190] "Configuration changes detected, backend reload required"',
    accessLine(),
    '2024/06/15 12:12:40 [error] 3#3: *1 open() "/x" failed (2: No such file or directory), client: 203.0.113.7, server: s',
    record(),
    '{"time":"2024-06-15T12:12:41+00:00","remote_addr":"203.0.113.8","status":200,"path":"/b","method":"GET"}',
    '{"level":"info","ts":1718453560.1,"msg":"reloaded"}',
  ];

  test.each([
    ['as it is', lines],
    ['in Docker', lines.map((line) => docker(`${line}\n`).trimEnd())],
    ['with the mark of a container runtime', lines.map((line) => `${at} stdout F ${line}`)],
  ])('%s, is both logs', async (_, written) => {
    const text = `${written.join('\n')}\n`;
    expect(await countLogs({ audit: text, access: text })).toMatchObject({
      total: 2,
      records: 1,
      malformed: 0,
      blocked: 1,
    });
  });

  test.each([
    ['an access log', `${accessLine()}\n`, 'this is an access log'],
    ['an access log in Docker', docker(`${accessLine()}\n`), 'this is an access log'],
    ['other JSON', '{"level":"info","msg":"hello"}\n', 'no transaction of ModSecurity or Coraza'],
    ['other text', 'hello\n \nworld\n', 'not a record'],
    ['text in UTF-16', Buffer.from(`\uFEFF${record()}\n`, 'utf16le'), 'this is UTF-16'],
    [
      'the index of a concurrent log',
      `10.0.0.9 203.0.113.7 - - [15/Jun/2024:12:12:40 +0000] "GET /a HTTP/1.1" 403 168 - "curl/8" 17184535.6 - /20240615/20240615-1212/20240615-121240-17184535.6 0 3605 md5:0e5bb92e\n`,
      'SecAuditLogStorageDir',
    ],
  ])('%s alone is no audit log, and that is said', async (_, audit, words) => {
    expect(await runReport({ audit })).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  });
});
