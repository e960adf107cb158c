import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { probeFlowLogs } from './probe-logs.ts';

const flow = '{"flow":{"verdict":"FORWARDED"},"time":"2026-06-15T12:00:00Z"}\n';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bartizan-probe-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function probe(files: Record<string, string | Buffer>) {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return probeFlowLogs('prod', [join(folder, 'events*.log*')]);
}

test("files of Hubble's exporter are found, packed or not, and one that is empty so far is well", async () => {
  expect(await probe({ 'events.log': flow, 'events-1.log.gz': gzipSync(flow), 'events-2.log': '' })).toMatchObject({
    signal: 'flows',
    kind: 'files',
    state: 'ok',
  });
});

test('what is no file of flows is named, with the lines to add', async () => {
  expect(await probe({})).toMatchObject({
    state: 'missing',
    reason: /no file of flows fits/,
    fix: /hubble:\n {2}export:/,
  });
  expect(await probe({ 'events.log': '203.0.113.7 - - "GET / HTTP/1.1" 200\n' })).toMatchObject({
    state: 'misconfigured',
    reason: /events\.log: its first line is not what Hubble's exporter .* writes: not JSON/,
  });
});
