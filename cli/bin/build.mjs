// Bundles the program (cli/dist) and the console's pages (web/dist). Third-party packages stay outside the program's bundle.
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const programParts = ['policy', 'flow', 'waf', 'api', 'backends', 'server', 'sandbox', 'cli'];
const pageParts = ['policy', 'flow', 'waf', 'api', 'web'];
const program = join(root, 'cli/dist/bartizan.mjs');
const page = join(root, 'web/dist/index.html');

/** Builds the program and the pages where they are missing or older than a source file. */
export async function buildIfStale() {
  if (staleBuilds().length > 0) await alone(buildStale);
}

function staleBuilds() {
  return [...(isStale(program, programParts) ? [buildProgram] : []), ...(isStale(page, pageParts) ? [buildPages] : [])];
}

async function buildStale() {
  const stale = staleBuilds();
  if (stale.length === 0) return;
  const started = Date.now();
  process.stderr.write('Building what has changed …\n');
  for (const build of stale) await build();
  process.stderr.write(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
}

/** Of several that start at once, one builds and the others wait for it. */
async function alone(work) {
  const lock = join(root, 'node_modules', '.bartizan-build');
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') return work();
      if (isAbandoned(lock)) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isAbandoned(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return pid > 0 && pid === process.pid;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function isStale(output, parts) {
  if (!existsSync(join(root, 'policy/src'))) return false;
  if (!existsSync(output)) return true;
  const built = statSync(output).mtimeMs;
  return parts.some((part) => newest(join(root, part, 'src')) > built);
}

function newest(folder) {
  if (!existsSync(folder)) return 0;
  let latest = statSync(folder).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (/\.test\.tsx?$/.test(entry.name)) continue;
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

async function buildProgram() {
  const { build } = await import('rolldown');
  await build({
    input: {
      bartizan: join(root, 'cli/src/main.ts'),
      'sandbox-worker': join(root, 'cli/src/sandbox/worker.ts'),
      'tail-worker': join(root, 'backends/src/files/tail-worker.ts'),
    },
    platform: 'node',
    external: (id) => !/^(\.|\/|@bartizan\/)/.test(id),
    output: {
      dir: join(root, 'cli/dist'),
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
      sourcemap: true,
    },
    logLevel: 'warn',
  });
}

/** Vite takes NODE_ENV for the kind of React to bundle: what a shell or a test runner has set must not choose the slow one. */
async function buildPages() {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    const { build } = await import('vite');
    await build({ root: join(root, 'web'), configFile: join(root, 'web/vite.config.mjs'), logLevel: 'error' });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildProgram();
  await buildPages();
}
