// What `bartizan serve` weighs, all of it, while it follows the logs of a busy firewall that are rotated under it: 5,000 records a
// second, lines of the access log and audit records of 5 KB. DURATION seconds (600), RATE records a second (5000), SHARE of
// requests that the firewall judged (0.25). The limits: 400 MB, and no growth.
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accessLine, auditRecord, requestOf } from './waf-logs.ts';

const seconds = Number(process.env['DURATION'] ?? 600);
const rate = Number(process.env['RATE'] ?? 5000);
const share = Number(process.env['SHARE'] ?? 0.25);
const limitMb = 400;
const sampleEveryMs = 5000;
const rotateEveryMs = 45_000;
const tickMs = 50;
const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-memory-'));

/** A log that is renamed and begun anew, as logrotate does; the one before stays for a while. */
function rotatedLog(name: string): { write(text: string): void; rotate(): void; close(): void } {
  const path = join(folder, name);
  let file = openSync(path, 'a');
  return {
    write: (text) => void writeSync(file, text),
    rotate() {
      closeSync(file);
      renameSync(path, `${path}.1`);
      file = openSync(path, 'a');
    },
    close: () => closeSync(file),
  };
}

const logs = { audit: rotatedLog('audit.log'), access: rotatedLog('access.log') };
let requests = 0;
let judged = 0;

/** Writes what is due: both logs of a request at once, as a proxy does. */
function write(untilRecords: number): void {
  let [lines, records] = ['', ''];
  while (requests + judged < untilRecords) {
    const isAttack = Math.floor((requests + 1) * share) > judged;
    const request = requestOf(requests, Date.now(), isAttack);
    lines += accessLine(request, requests);
    if (isAttack) records += auditRecord(request, requests);
    requests += 1;
    if (isAttack) judged += 1;
  }
  logs.access.write(lines);
  logs.audit.write(records);
}

interface Sample {
  readonly atMs: number;
  readonly residentMb: number;
  readonly behind: number;
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function storedOf(url: string): Promise<{ readonly total: number; readonly anomalous: number }> {
  const window = `from=${new Date(Date.now() - 86_400_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
  const answer = await fetch(`${url}/api/v1/environments/-/waf/statistics?${window}`);
  const { total, anomalous } = (await answer.json()) as { total: number | null; anomalous: number | null };
  return { total: total ?? 0, anomalous: anomalous ?? 0 };
}

async function sample(url: string, pid: number, startedMs: number): Promise<Sample> {
  const written = requests;
  const { total } = await storedOf(url);
  return { atMs: performance.now() - startedMs, residentMb: residentMb(pid), behind: written - total };
}

async function run(url: string, pid: number): Promise<readonly Sample[]> {
  const startedMs = performance.now();
  const samples: Sample[] = [];
  let [sampledAt, rotatedAt] = [0, 0];
  let asking: Promise<void> = Promise.resolve();
  for (let ms = 0; ms < seconds * 1000; ms = performance.now() - startedMs) {
    write(Math.floor((ms / 1000) * rate));
    if (ms - rotatedAt >= rotateEveryMs) {
      rotatedAt = ms;
      logs.audit.rotate();
      logs.access.rotate();
    }
    if (ms - sampledAt >= sampleEveryMs) {
      sampledAt = ms;
      asking = asking.then(async () => {
        const taken = await sample(url, pid, startedMs);
        samples.push(taken);
        const { atMs, residentMb: mb, behind } = taken;
        console.log(
          `${(atMs / 1000).toFixed(0)} s: ${mb.toFixed(0)} MB, ${behind} of ${requests} requests not stored yet`,
        );
      });
    }
    await sleep(tickMs);
  }
  await asking;
  return samples;
}

function report(samples: readonly Sample[]): void {
  const mean = (from: number, to: number): number => {
    const own = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to));
    return own.reduce((sum, { residentMb: mb }) => sum + mb, 0) / own.length;
  };
  const highest = Math.max(...samples.map(({ residentMb: mb }) => mb));
  const behind = samples.map((each) => each.behind).toSorted((left, right) => left - right);
  const requestRate = rate / (1 + share);
  const late = (count: number | undefined): string => ((count ?? 0) / requestRate).toFixed(1);
  console.log(`highest: ${highest.toFixed(0)} MB; limit ${limitMb} MB, ratio ${(highest / limitMb).toFixed(2)}`);
  console.log(`second half, from its first fifth to its last: ${(mean(0.9, 1) - mean(0.5, 0.6)).toFixed(0)} MB more`);
  console.log(`stored after: median ${late(behind[behind.length >> 1])} s, at most ${late(behind.at(-1))} s`);
}

try {
  writeFileSync(
    join(folder, 'bartizan.yaml'),
    `dataFolder: data
clusters: [{name: none, kubeconfig: missing}]
firewalls: [{name: edge, cluster: none, auditLogs: ['audit.log*'], accessLogs: ['access.log*']}]
environments: [{id: shop, cluster: none, namespaces: [shop]}]
`,
  );
  const launcher = join(process.cwd(), 'cli/bin/bartizan.mjs');
  // What is built is built before, in another process: it takes more memory than all of this.
  execFileSync(process.execPath, [launcher, 'policy', 'check', '--help']);
  const args = [launcher, 'serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise<string>((resolve) =>
      child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim())),
    );
    const pid = child.pid ?? 0;
    console.log(`${rate} records/s for ${seconds} s; ${residentMb(pid).toFixed(0)} MB before`);
    const samples = await run(url, pid);
    report(samples);
    let stored = await storedOf(url);
    for (let waited = 0; stored.total < requests && waited < 60; waited += 1) {
      await sleep(500);
      stored = await storedOf(url);
    }
    const bytes = statSync(join(folder, 'data/history.duckdb')).size;
    console.log(
      `${requests} requests, ${judged} of them judged; stored ${stored.total} and ${stored.anomalous}; ${(bytes / 1e6).toFixed(0)} MB on disk`,
    );
    if (stored.total !== requests || stored.anomalous !== judged)
      throw new Error('what is stored is not what was written');
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
} finally {
  logs.audit.close();
  logs.access.close();
  rmSync(folder, { recursive: true, force: true });
}
