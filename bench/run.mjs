// Bundles one benchmark and runs it: node bench/run.mjs connectivity
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const folder = dirname(fileURLToPath(import.meta.url));
const [name] = process.argv.slice(2);
if (!name) {
  console.error('Which benchmark? node bench/run.mjs NAME');
  process.exit(2);
}
// Beside the packages, so that third-party code, which stays outside the bundle, is found.
const out = mkdtempSync(join(folder, '..', 'node_modules', '.bench-'));
try {
  const bundle = await rolldown({
    input: { [name]: join(folder, `${name}.ts`), 'tail-worker': join(folder, '../backends/src/files/tail-worker.ts') },
    platform: 'node',
    external: (id) => !/^(\.|\/|@bartizan\/)/.test(id),
  });
  await bundle.write({ dir: out, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await import(pathToFileURL(join(out, `${name}.mjs`)).href);
} finally {
  rmSync(out, { recursive: true, force: true });
}
