// `check`: types, lint, format, structure and unit tests. `all`: the same, then the real servers and the browser.
// Prints, last and alone on its line, "N passed, N failed"; a gate such as the linter counts as one test.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

const scope = process.argv[2] ?? 'all';
const gates = [
  ['types', 'node', ['scripts/types.mjs']],
  ['lint', 'npx', ['--no-install', 'oxlint', '--deny-warnings', '--quiet']],
  ['format', 'npx', ['--no-install', 'oxfmt', '--check']],
];
const suites = scope === 'all' ? ['unit', 'integration', 'e2e'] : ['unit'];
/** Unit tests share nothing, so they need no process each: on two cores this is a third of the time. */
const pace = { unit: ['--pool=threads', '--no-isolate', `--maxWorkers=${availableParallelism()}`] };
const total = { passed: 0, failed: 0, skipped: [] };

for (const [name, command, args] of gates) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) total.passed += 1;
  else {
    total.failed += 1;
    console.log(`${name}: FAILED`);
  }
}

const reports = mkdtempSync(join(tmpdir(), 'bartizan-test-'));
for (const suite of suites) {
  console.log(`\n== ${suite}`);
  const file = join(reports, `${suite}.json`);
  const args = ['--no-install', 'vitest', 'run', '--project', suite, '--passWithNoTests', ...(pace[suite] ?? [])];
  const { status } = spawnSync('npx', [...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], {
    stdio: 'inherit',
  });
  countReport({ suite, file, status });
}
rmSync(reports, { recursive: true });

if (total.skipped.length > 0) {
  console.log(
    `\n${total.skipped.length} skipped, because this machine lacks what they need (npm run servers installs it):`,
  );
  for (const name of total.skipped) console.log(`  - ${name}`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

/** A suite that ended badly without saying which test failed counts as one failure: nothing broken may look fine. */
function countReport({ suite, file, status }) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    total.failed += 1;
    console.log(`${suite}: wrote no report`);
    return;
  }
  total.passed += report.numPassedTests;
  const failedFiles = report.testResults.filter((result) => result.status === 'failed' && !hasFailedTest(result));
  const failed = report.numFailedTests + failedFiles.length;
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  for (const result of report.testResults)
    for (const test of result.assertionResults)
      if (test.status === 'skipped' || test.status === 'pending' || test.status === 'todo') skip(test.fullName);
}

function hasFailedTest(result) {
  return result.assertionResults.some((test) => test.status === 'failed');
}

/** In CI everything is installed, so a test that does not run is a failure. */
function skip(name) {
  total.skipped.push(name);
  if (process.env.CI) total.failed += 1;
}
