// Bundles one benchmark and runs it: node bench/run.mjs connectivity
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
  // In a process of its own: what bundling takes in memory is not in the figures.
  const bundled = join(out, `${name}.mjs`);
  process.exitCode = spawnSync(process.execPath, [...process.execArgv, bundled], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
