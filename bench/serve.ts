// `bartizan serve` on a store of a million transactions: how soon it answers, what statistics take at the interface, what it
// weighs when nobody asks. The limits: 1.5 s, 100 ms, 300 MB.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillTransactions } from './fill-transactions.ts';

const rows = Number(process.env['ROWS'] ?? 1_000_000);
const limits = { startMs: 1500, statisticsMs: 100, idleMb: 300 };
const idleSeconds = 20;
const endMs = Math.floor(Date.now() / 60_000) * 60_000;
const startMs = endMs - 30 * 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'bench-serve-'));

function report(name: string, value: number, limit: number, unit: string): void {
  console.log(`${name}: ${value.toFixed(0)} ${unit}; limit ${limit} ${unit}, ratio ${(value / limit).toFixed(2)}`);
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

try {
  mkdirSync(join(folder, 'data'));
  await fillTransactions({ file: join(folder, 'data/history.duckdb'), rows, startMs, endMs });
  for (const log of ['audit.log', 'access.log']) writeFileSync(join(folder, log), '');
  writeFileSync(
    join(folder, 'bartizan.yaml'),
    `dataFolder: data
clusters: [{name: none, kubeconfig: missing}]
firewalls: [{name: edge, cluster: none, auditLogs: [audit.log], accessLogs: [access.log]}]
environments: [{id: shop, cluster: none, namespaces: [shop, blog]}]
`,
  );
  const started = performance.now();
  const launcher = join(process.cwd(), 'cli/bin/bartizan.mjs');
  const args = [launcher, 'serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await new Promise<string>((resolve) =>
      child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim())),
    );
    const ready = await fetch(`${url}/readyz`);
    if (ready.status !== 200) throw new Error(await ready.text());
    report('answers after', performance.now() - started, limits.startMs, 'ms');
    const window = `from=${new Date(startMs).toISOString()}&to=${new Date(endMs).toISOString()}`;
    const times: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      const asked = performance.now();
      const answer = await fetch(`${url}/api/v1/environments/shop/waf/statistics?${window}`);
      const { total } = (await answer.json()) as { total: number };
      times.push(performance.now() - asked);
      if (total !== rows) throw new Error(`${total} of ${rows} transactions`);
    }
    report(
      'statistics over all of it, median',
      times.toSorted((left, right) => left - right)[7] ?? Number.NaN,
      limits.statisticsMs,
      'ms',
    );
    await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
    report('resident when idle', residentMb(child.pid ?? 0), limits.idleMb, 'MB');
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
