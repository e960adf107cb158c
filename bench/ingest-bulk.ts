// Records of a firewall made durable, against the `_bulk` of an OpenSearch on this machine that is sent the same records: by two
// clients at once, 5 MB a request, into an index of its own with the mapping that it makes of them. Wanted: 5 times its records/s.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchEngineMissing, startSearchEngine } from '../integration/servers/search-engine.ts';
import { measureIngest } from './ingest-file.ts';
import { auditRecord, requestOf } from './waf-logs.ts';

const records = Number(process.env['RECORDS'] ?? 40_000);
const wanted = 5;
const rounds = 3;
const requestBytes = 5_000_000;
const clients = 2;

const startMs = Date.parse('2026-06-15T12:00:00Z');
const lines = Array.from({ length: records }, (_, index) =>
  auditRecord(requestOf(index, startMs + index * 10, true), index),
);

function startClock(): () => number {
  const begun = performance.now();
  return () => performance.now() - begun;
}

/** Records a second. */
async function ingest(auditLog: string, databaseFile: string): Promise<number> {
  return (records / (await measureIngest({ auditLog, databaseFile, records }, startClock))) * 1000;
}

function requestsOf(index: string): string[] {
  const bodies: string[] = [];
  let body = '';
  for (const line of lines) {
    body += `{"create":{"_index":"${index}"}}\n${line}`;
    if (body.length < requestBytes) continue;
    bodies.push(body);
    body = '';
  }
  return body === '' ? bodies : [...bodies, body];
}

async function bulk(url: string, index: string): Promise<number> {
  const bodies = requestsOf(index);
  const begun = performance.now();
  const send = async (): Promise<void> => {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) {
      const headers = { 'content-type': 'application/x-ndjson' };
      const answer = await fetch(`${url}/_bulk`, { method: 'POST', headers, body });
      const { errors, items } = (await answer.json()) as { errors: boolean; items: readonly unknown[] };
      if (errors) throw new Error(`OpenSearch refused records: ${JSON.stringify(items).slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, send));
  const ms = performance.now() - begun;
  await fetch(`${url}/${index}/_refresh`, { method: 'POST' });
  const { count } = (await (await fetch(`${url}/${index}/_count`)).json()) as { count: number };
  if (count !== records) throw new Error(`OpenSearch has ${count} of ${records} records`);
  await fetch(`${url}/${index}`, { method: 'DELETE' });
  return (records / ms) * 1000;
}

const missing = searchEngineMissing('opensearch');
if (missing) throw new Error(missing);
const folder = mkdtempSync(join(tmpdir(), 'bench-ingest-bulk-'));
const file = join(folder, 'audit.log');
writeFileSync(file, lines.join(''));
const engine = await startSearchEngine('opensearch');
try {
  const rates: { ingest: number[]; bulk: number[] } = { ingest: [], bulk: [] };
  for (let round = 0; round < rounds; round += 1) {
    rates.bulk.push(await bulk(engine.url, `waf-${round}`));
    engine.pause();
    rates.ingest.push(await ingest(file, join(folder, `events-${round}.duckdb`)));
    engine.resume();
  }
  const [ours, theirs] = [Math.max(...rates.ingest), Math.max(...rates.bulk)];
  console.log(`${records} records of a firewall, best of ${rounds} rounds: ingest ${ours.toFixed(0)} records/s;`);
  console.log(`OpenSearch _bulk ${theirs.toFixed(0)} records/s; ratio ${(ours / theirs).toFixed(1)}, wanted ${wanted}`);
} finally {
  await engine.remove();
  rmSync(folder, { recursive: true, force: true });
}
