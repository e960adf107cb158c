// Parse, validate and describe a policy of 500 rules, as the editor does after each pause in typing; and what the library weighs
// in the browser. The limits: 150 ms, and 60 KB gzip beyond yaml and re2js for what the editor's worker loads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describePolicy, readManifests, toRules, toText, validate } from '@bartizan/policy';
import { build } from 'rolldown';
import { largePolicy } from './large-policy.ts';

const limits = { textMs: 150, gzipBytes: 60 * 1024 };
const inWorker = [
  'readManifests, validate, describePolicy, toText, phraseText, setEnforcement, isEnabled, editPolicy',
  'toRules, applyRules, printRules, readRules, parseRules, lowerPolicy, printManifest',
].join(', ');

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function measureText(): void {
  const text = largePolicy(500);
  const timings: number[] = [];
  const cpu: number[] = [];
  for (let run = 0; run < 15; run += 1) {
    const started = performance.now();
    const before = process.cpuUsage();
    const [manifest] = readManifests(text).manifests;
    if (!manifest) throw new Error('the policy cannot be read');
    validate(manifest);
    toText(describePolicy(manifest.object));
    toRules(manifest);
    timings.push(performance.now() - started);
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  const [first = 0] = timings;
  console.log(
    `500 rules, ${(text.length / 1024).toFixed(0)} kB: first ${first.toFixed(0)} ms, then ${median(timings).toFixed(0)} ms (processor ${median(cpu).toFixed(0)} ms); limit ${limits.textMs} ms, ratio ${(median(timings) / limits.textMs).toFixed(2)}`,
  );
}

async function weigh(label: string, code: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-size-'));
  try {
    const input = join(folder, 'entry.ts');
    writeFileSync(input, code.replaceAll('@bartizan/policy', join(process.cwd(), 'policy/src/index.ts')));
    const { output } = await build({
      input,
      external: ['yaml', 're2js'],
      write: false,
      logLevel: 'silent',
      output: { format: 'esm', minify: true },
    });
    const bytes = gzipSync(output.map((part) => ('code' in part ? part.code : '')).join(''), { level: 9 }).length;
    console.log(
      `${label}: ${(bytes / 1024).toFixed(1)} KB gzip; limit ${limits.gzipBytes / 1024} KB, ratio ${(bytes / limits.gzipBytes).toFixed(2)}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

measureText();
await weigh(
  "what the editor's worker loads",
  `import { ${inWorker} } from '@bartizan/policy';\nglobalThis.used = [${inWorker}];\n`,
);
await weigh('the whole library, with engine, connectivity and simulation', "export * from '@bartizan/policy';\n");
