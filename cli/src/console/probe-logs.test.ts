import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeFlowLogs, probeLogs } from './probe-logs.ts';

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

describe('logs of a firewall', () => {
  const audit = '2024/06/15 12:12:40 [error] 3#3: *1 [client 203.0.113.7] ModSecurity: Access denied with code 403';
  const access = '203.0.113.7 - - [15/Jun/2024:12:12:40 +0000] "GET / HTTP/1.1" 403 1 "-" "-"';
  const klog = 'I0615 12:12:40.123456       7 main.go:48] "Creating API client"';

  async function probeFirewall(auditText: string, accessText: string) {
    await writeFile(join(folder, 'audit.log'), auditText);
    await writeFile(join(folder, 'access.log'), accessText);
    const logs = { auditLogs: [join(folder, 'audit.log')], accessLogs: [join(folder, 'access.log')] };
    return probeLogs({ name: 'edge', cluster: 'prod', ...logs });
  }

  test('may be one, the output of a container, which begins with other lines', async () => {
    const output = `${klog}\n${access}\n${audit}\n`;
    expect(await probeFirewall(output, output)).toMatchObject({ state: 'ok' });
    const docker = output.replaceAll(
      /(.+)\n/g,
      (_, log: string) => `${JSON.stringify({ log: `${log}\n`, stream: 'stdout' })}\n`,
    );
    expect(await probeFirewall(docker, docker)).toMatchObject({ state: 'ok' });
  });

  test('that are each other, or none, are named', async () => {
    expect(await probeFirewall(`${access}\n`, `${access}\n`)).toMatchObject({
      state: 'misconfigured',
      reason: expect.stringContaining('is no audit log: it begins with lines of combined'),
    });
    expect(await probeFirewall(`${audit}\n`, 'hello\n')).toMatchObject({
      state: 'misconfigured',
      reason: expect.stringContaining('the format of its first lines is not known'),
    });
  });
});
