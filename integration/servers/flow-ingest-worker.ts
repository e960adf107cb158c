// Stores the flow events of a file in batches, for ever: to be killed. `node worker.mjs FOLDER FIRST`
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { readExportLine } from '@bartizan/flow';

const [folder = '.'] = process.argv.slice(2);
const lines = readFileSync(join(folder, 'flows.jsonl'), 'utf8').trimEnd().split('\n');
const flows = lines.flatMap((line) =>
  readExportLine(line).flatMap((entry) => (entry.kind === 'flow' ? [entry.record] : [])),
);
const timeOf = (at: number): number => Date.parse(flows[at]?.time ?? '');
let nowMs = timeOf(0);
const database = await openDatabase({ file: join(folder, 'history.duckdb'), threads: 1 });
const store = await openFlowStore(database, { clock: () => new Date(nowMs), keepWholeMs: 6 * 3_600_000 });
writeSync(1, 'storing\n');
// As a collector does: from a little before the newest that is there, which comes a second time.
nowMs = timeOf(flows.length - 1);
const newestMs = (await store.newest('prod')) ?? 0;
const first = Math.max(
  0,
  flows.findIndex(({ time }) => Date.parse(time) >= newestMs - 60_000),
);
nowMs = timeOf(first);
for (let at = first; at < flows.length; at += 37) {
  nowMs = timeOf(Math.min(at + 36, flows.length - 1));
  await store.append({ source: 'prod', flows: flows.slice(at, at + 37), gaps: [] });
}
await database.close();
writeSync(1, 'done\n');
