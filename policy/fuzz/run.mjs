// Bundles the fuzzer and runs it: node policy/fuzz/run.mjs [INPUTS] [SEED]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const folder = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'fuzz-'));
try {
  const bundle = await rolldown({ input: join(folder, 'main.ts'), platform: 'node' });
  const file = join(out, 'fuzz.mjs');
  await bundle.write({ file, format: 'esm' });
  await import(pathToFileURL(file).href);
} finally {
  rmSync(out, { recursive: true, force: true });
}
