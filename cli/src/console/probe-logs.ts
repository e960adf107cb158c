import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import type { SourceStatus } from '@bartizan/api';
import { findFiles } from '@bartizan/backends/files';
import { recognise } from '@bartizan/waf';
import type { FirewallOfFiles } from '../config/firewalls.ts';
import { fixes } from './source-fixes.ts';

const sampleBytes = 256 * 1024;

type Found = Pick<SourceStatus, 'state' | 'reason'>;

/** Whether the logs of a firewall are there, may be read and are in a format that we know. Reads the beginning of each alone. */
export async function probeLogs(firewall: FirewallOfFiles): Promise<SourceStatus> {
  const audit = await probe(firewall.auditLogs, 'audit');
  const access = firewall.accessLogs ? await probe(firewall.accessLogs, 'access') : withoutAccessLog;
  const worst = audit.state === 'ok' ? access : audit;
  const reasons = [audit, access].flatMap(({ reason }) => reason ?? []);
  return {
    signal: 'waf',
    kind: 'files',
    location: [...firewall.auditLogs, ...(firewall.accessLogs ?? [])].join(', '),
    state: worst.state,
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
    ...(worst.state === 'ok' ? {} : { fix: fixes.waf(firewall.cluster) }),
  };
}

const withoutAccessLog: Found = {
  state: 'missing',
  reason: 'no access log is configured, so there is no number of requests and no share',
};

async function probe(patterns: readonly string[], kind: 'audit' | 'access'): Promise<Found> {
  const files = (await Promise.all(patterns.map(findFiles))).flat();
  if (files.length === 0) return { state: 'missing', reason: `no ${kind} log fits ${patterns.join(', ')}` };
  for (const file of files) {
    const found = await probeFile(file, kind);
    if (found.state !== 'ok') return found;
  }
  return { state: 'ok' };
}

async function probeFile(file: string, kind: 'audit' | 'access'): Promise<Found> {
  try {
    const [line] = (await readStart(file)).split('\n').filter((each) => each.trim() !== '');
    if (line === undefined) return { state: 'ok', reason: `${file} is empty so far` };
    const format = recognise(line);
    if (format === null)
      return { state: 'misconfigured', reason: `${file}: the format of its first line is not known` };
    if (format.kind !== kind)
      return {
        state: 'misconfigured',
        reason: `${file} is no ${kind} log: its first line is of ${format.kind === 'audit' ? format.dialect : format.format}`,
      };
    return { state: 'ok' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { state: 'missing', reason: `there is no ${file}` };
    if (code === 'EACCES') return { state: 'forbidden', reason: `${file} may not be read` };
    return { state: 'misconfigured', reason: `${file}: ${message}` };
  }
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sampleBytes), 0, sampleBytes, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return (file.endsWith('.gz') ? await gunzipStart(bytes) : bytes).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** What comes out of the beginning of a gzip'd file, which ends in the middle. */
function gunzipStart(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const unzip = createGunzip();
    unzip.on('data', (chunk: Buffer) => chunks.push(chunk));
    unzip.once('end', () => resolve(Buffer.concat(chunks)));
    unzip.once('error', (error) => (chunks.length > 0 ? resolve(Buffer.concat(chunks)) : reject(error)));
    unzip.end(bytes);
  });
}
