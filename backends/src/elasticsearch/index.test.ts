import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openElasticsearch } from './index.ts';
import type { ElasticsearchOptions, ElasticsearchReader } from './index.ts';

type Answer = { readonly status?: number; readonly body: unknown; readonly afterMs?: number } | 'nothing';

const root = { version: { number: '2.19.6', distribution: 'opensearch' } };
const date = { date: { type: 'date', searchable: true } };
const keyword = { keyword: { type: 'keyword', searchable: true } };
const fields = { '@timestamp': date, 'transaction.time_stamp': keyword, message: { text: { type: 'text' } } };
const whole = { timed_out: false, _shards: { total: 2, successful: 2, failed: 0 } };
const nothing = { ...whole, hits: { total: { value: 0, relation: 'eq' }, hits: [] } };
const window = { fromMs: 0, toMs: 3_600_000 };
const query = { window, scope: { kind: 'all' }, filter: [] } as const;

let server: Server | null = null;
let reader: ElasticsearchReader | null = null;
let folder: string | null = null;
let nowMs = 0;
let isHanging = false;

afterEach(async () => {
  await reader?.close();
  server?.closeAllConnections();
  server?.close();
  if (folder) rmSync(folder, { recursive: true });
  [server, reader, folder, nowMs, isHanging] = [null, null, null, 0, false];
});

/** An engine that answers searches as told, and everything else rightly. */
async function open(
  search: (path: string) => Answer,
  options: Partial<ElasticsearchOptions> = {},
  caps: object = fields,
) {
  const asked: IncomingMessage[] = [];
  server = createServer((request, response) => {
    asked.push(request);
    const path = request.url ?? '';
    const answer = ((): Answer => {
      if (isHanging) return 'nothing';
      if (path === '/') return { body: root };
      if (path.includes('_field_caps')) return { body: { indices: ['a'], fields: caps } };
      return path.includes('point_in_time') ? { body: { pit_id: 'p' } } : search(path);
    })();
    if (answer === 'nothing') return;
    const { status = 200, body, afterMs = 0 } = answer;
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    }, afterMs);
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  reader = openElasticsearch({
    name: 'edge',
    url: `http://127.0.0.1:${port}`,
    clock: () => new Date(nowMs),
    ...options,
  });
  return { reader, asked };
}

describe('an engine in trouble', () => {
  const failure = (status: number, type: string): Answer => ({
    status,
    body: { error: { type, reason: 'why' }, status },
  });
  const shards = {
    total: 2,
    failed: 1,
    failures: [{ reason: { type: 'query_shard_exception', reason: 'no mapping' } }],
  };

  test.each<[string, Answer, string, RegExp]>([
    ['401', failure(401, 'security_exception'), 'unauthorized', /security_exception: why/],
    ['403', failure(403, 'security_exception'), 'forbidden', /security_exception: why/],
    ['429', failure(429, 'circuit_breaking_exception'), 'unreachable', /circuit_breaking_exception: why/],
    ['500', { status: 500, body: 'oops' }, 'unreachable', /HTTP status 500/],
    ['400', failure(400, 'illegal_argument_exception'), 'bad-response', /illegal_argument_exception: why/],
    [
      'a failed shard',
      { body: { ...nothing, _shards: shards } },
      'bad-response',
      /1 of 2 shards failed: query_shard_exception: no mapping/,
    ],
    ['an answer that is not whole', { body: { ...nothing, timed_out: true } }, 'timeout', /before all shards/],
    [
      'a count with a limit',
      { body: { ...nothing, hits: { total: { value: 10_000, relation: 'gte' }, hits: [] } } },
      'bad-response',
      /counted only up to 10000/,
    ],
    ['a page of HTML', { body: '<html>' }, 'bad-response', /not JSON/],
    ['something else', { body: { hello: 1 } }, 'bad-response', /not that of a search/],
  ])('that answers with %s is an error, and a gap that names it', async (_name, answer, code, words) => {
    const { reader } = await open(() => answer);
    for (const asked of [() => reader.statistics(query), () => reader.list(query, { limit: 1 })])
      await expect(asked()).rejects.toMatchObject({ code, source: 'edge', message: expect.stringMatching(words) });
    const { complete, gaps } = await reader.coverage(window, { kind: 'all' });
    expect({ complete, gaps }).toEqual({
      complete: false,
      gaps: [{ source: 'edge', reason: expect.stringMatching(words) }],
    });
  });

  test('that does not answer is not asked again at once, and then it is', async () => {
    let isSlow = true;
    const { reader, asked } = await open(() => (isSlow ? 'nothing' : { body: nothing }), { timeoutMs: 100 });
    await expect(reader.statistics(query)).rejects.toMatchObject({ code: 'timeout' });
    const before = asked.length;
    await expect(reader.buckets(query, 60_000)).rejects.toMatchObject({ code: 'timeout' });
    expect(asked).toHaveLength(before);
    isSlow = false;
    nowMs += 10_000;
    expect(await reader.statistics(query)).toMatchObject({ total: null, anomalous: null });
  });

  test('that hangs, a moment after it answered, is given up as soon as it gives no sign of life; one that is slow is waited for', async () => {
    const { reader } = await open(() => ({ body: nothing, afterMs: 1500 }));
    expect(await reader.statistics(query)).toMatchObject({ total: null });
    isHanging = true;
    await expect(reader.statistics(query)).rejects.toThrow('no answer within 2 s');
    isHanging = false;
    nowMs += 10_000;
    expect(await reader.statistics(query)).toMatchObject({ total: null });
  });

  test('that is not there is said to be unreachable', async () => {
    const { reader } = await open(() => ({ body: nothing }));
    server?.closeAllConnections();
    server?.close();
    await expect(reader.statistics(query)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('whose indices disagree about the time is named with the index', async () => {
    const conflict = { ...date, text: { type: 'text', searchable: true, indices: ['filebeat-bad'] } };
    const { reader } = await open(() => ({ body: nothing }), {}, { ...fields, '@timestamp': conflict });
    await expect(reader.statistics(query)).rejects.toThrow(
      'mapping conflict: @timestamp is of type text in filebeat-bad, not date',
    );
  });
});

describe('an engine that wants to know who asks', () => {
  async function authorizationWith(options: (file: string) => Partial<ElasticsearchOptions>, secret: string) {
    folder = mkdtempSync(join(tmpdir(), 'bartizan-key-'));
    const file = join(folder, 'secret');
    writeFileSync(file, secret);
    const { reader, asked } = await open(() => ({ body: nothing }), options(file));
    await reader.statistics(query);
    return asked.at(-1)?.headers.authorization;
  }
  const encoded = Buffer.from('id:key').toString('base64');

  test.each([
    ['an API key', 'id:key\n', (apiKeyFile: string) => ({ apiKeyFile }), `ApiKey ${encoded}`],
    ['an encoded API key', encoded, (apiKeyFile: string) => ({ apiKeyFile }), `ApiKey ${encoded}`],
    ['a token', 'token\n', (bearerTokenFile: string) => ({ bearerTokenFile }), 'Bearer token'],
    ['a password', 'key\n', (passwordFile: string) => ({ basic: { user: 'id', passwordFile } }), `Basic ${encoded}`],
  ])('gets %s out of a file', async (_name, secret, options, header) => {
    expect(await authorizationWith(options, secret)).toBe(header);
  });
});

test('only what is configured is asked, also where an id names another index', async () => {
  const { reader, asked } = await open(() => ({ body: nothing }), { indices: ['logs-waf-*', '.ds-x'] });
  expect(await reader.find(Buffer.from('.security-7/1').toString('base64url'))).toBeNull();
  const searches = asked.map(({ url }) => url ?? '').filter((path) => path.includes('_search'));
  expect(searches.length).toBeGreaterThan(0);
  for (const path of searches) expect(path).toMatch(/^\/logs-waf-\*,\.ds-x\/_search/);
});
