// Checks the types of every package on its own (the pure ones see no Node and no DOM), then of every test.
import { spawnSync } from 'node:child_process';

const projects = ['policy', 'flow', 'waf', 'api', 'backends', 'server', 'sandbox', 'web', 'cli', 'tsconfig.tests.json'];
const failed = projects.filter((project) => {
  const { status } = spawnSync('npx', ['--no-install', 'tsc', '--pretty', 'false', '-p', project], {
    stdio: 'inherit',
  });
  return status !== 0;
});
if (failed.length > 0) {
  console.error(`type errors in: ${failed.join(', ')}`);
  process.exit(1);
}
