// Ingest of ModSecurity JSON, masked and durable, from the start of the thread that reads it, against bare JSON.parse of the same
// bytes in the same run.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureIngest } from './ingest-file.ts';
import { auditRecord, requestOf } from './waf-logs.ts';

const records = Number(process.env['RECORDS'] ?? 200_000);
const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-'));
const file = join(folder, 'audit.log');
const startMs = Date.parse('2026-06-15T12:00:00Z');
const output = openSync(file, 'w');
for (let index = 0; index < records; index += 1)
  writeSync(output, auditRecord(requestOf(index, startMs + index * 10, true), index));
closeSync(output);
const bytes = statSync(file).size;

interface Cost {
  readonly wallMs: number;
  /** Of all threads: what counts where the machine has other work as well. */
  readonly cpuMs: number;
}

function startCost(): () => Cost {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 };
  };
}

/** As much at a time as lies easily in memory; reading it and cutting it into lines does not count. */
const pieceBytes = 64_000_000;

function parseAll(): Cost {
  const input = openSync(file, 'r');
  const cost = { wallMs: 0, cpuMs: 0 };
  const piece = Buffer.alloc(pieceBytes);
  for (let at = 0; at < bytes;) {
    const size = readSync(input, piece, 0, pieceBytes, at);
    const end = piece.subarray(0, size).lastIndexOf(10) + 1;
    const lines = piece.toString('utf8', 0, end).split('\n');
    const taken = startCost();
    let read = 0;
    for (const line of lines) if (line !== '') read += JSON.parse(line).transaction.messages.length;
    const { wallMs, cpuMs } = taken();
    if (read === 0) throw new Error('nothing was parsed');
    cost.wallMs += wallMs;
    cost.cpuMs += cpuMs;
    at += end;
  }
  closeSync(input);
  return cost;
}

const ingestAll = (round: number): Promise<Cost> =>
  measureIngest({ auditLog: file, databaseFile: join(folder, `events-${round}.duckdb`), records }, startCost);

try {
  parseAll();
  const rounds: { readonly parse: Cost; readonly ingest: Cost }[] = [];
  for (let round = 0; round < 2; round += 1) rounds.push({ parse: parseAll(), ingest: await ingestAll(round) });
  const best = (name: 'parse' | 'ingest', unit: keyof Cost): number =>
    Math.min(...rounds.map((each) => each[name][unit]));
  const rate = (ms: number): string =>
    `${(bytes / 1e6 / (ms / 1000)).toFixed(0)} MB/s, ${Math.round(records / (ms / 1000))} records/s`;
  console.log(`${records} records, ${(bytes / 1e6).toFixed(0)} MB; wanted: 0.5 of JSON.parse`);
  for (const unit of ['wallMs', 'cpuMs'] as const) {
    const [parse, ingest] = [best('parse', unit), best('ingest', unit)];
    const ratio = (parse / ingest).toFixed(2);
    console.log(
      `${unit === 'wallMs' ? 'wall' : 'CPU '}  JSON.parse ${rate(parse)}; ingest ${rate(ingest)}; ratio ${ratio}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
