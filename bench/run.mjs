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
    input: join(folder, `${name}.ts`),
    platform: 'node',
    external: (id) => !/^(\.|\/|@bartizan\/)/.test(id),
  });
  const file = join(out, `${name}.mjs`);
  await bundle.write({ file, format: 'esm' });
  await import(pathToFileURL(file).href);
} finally {
  rmSync(out, { recursive: true, force: true });
}
