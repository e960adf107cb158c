import { describePolicy, isPolicy, toText, validate } from '@bartizan/policy';
import type { Manifest, PolicyWords } from '@bartizan/policy';
import { defineCommand } from '../command.ts';
import type { Io } from '../command.ts';
import { chooseOption } from './choose-option.ts';
import type { Gap } from './flow-gaps.ts';
import { clusterHelp, clusterKinds, clusterOptions, sourcesOf } from './manifest-source.ts';
import type { ManifestSource } from './manifest-source.ts';
import { gapLines } from './gap-lines.ts';
import { problemLines } from './problem-lines.ts';
import { reportProgress } from './progress.ts';
import { noPolicy, readManifestFiles } from './read-manifests.ts';

type Semantics = 'cilium' | 'kubernetes';

export const describe = defineCommand({
  name: 'policy describe',
  summary: 'What policies do, in plain sentences',
  args: 'PATH…',
  positionals: {},
  options: {
    ...clusterOptions,
    output: { type: 'string', short: 'o', value: 'text|json', default: 'text', describe: 'how to print the sentences' },
    as: {
      type: 'string',
      value: 'cilium|kubernetes',
      default: 'cilium',
      describe: 'whose semantics a NetworkPolicy gets',
    },
  },
  details: `PATH is a file, a folder or - for standard input; other objects than network policies are passed over. What is not
understood is said to be so. json is {policies: [{file, line, words}]}, sentences being lists of parts {kind, text}.
Exit code 2 when something could not be read.

${clusterHelp}`,
  async run({ values, positionals, io }) {
    const format = chooseOption('output', values.output, ['text', 'json']);
    const as = chooseOption('as', values.as, ['cilium', 'kubernetes']);
    const kinds = clusterKinds.policies;
    const sources = sourcesOf(positionals, values, { command: 'policy describe', kinds, isExclusive: true });
    return format === 'json' ? printJson(sources, as, io) : printText(sources, as, io);
  },
});

async function printText(sources: readonly ManifestSource[], as: Semantics, io: Io): Promise<0 | 2> {
  let count = 0;
  const { isComplete, gaps } = await eachPolicy(sources, io, async ({ manifest }) => {
    await io.out(`${count++ === 0 ? '' : '\n'}${toText(describeOne(manifest, as))}`);
  });
  await io.out(gapLines(gaps));
  if (count === 0 && isComplete) io.err(noPolicy);
  return isComplete ? 0 : 2;
}

/** One document, written policy by policy: a large folder need not fit into memory as words. */
async function printJson(sources: readonly ManifestSource[], as: Semantics, io: Io): Promise<0 | 2> {
  let separator = '{"policies":[';
  const { isComplete, gaps } = await eachPolicy(sources, io, async ({ file, manifest }) => {
    const { line } = manifest.place('');
    await io.out(`${separator}\n${JSON.stringify({ file, line, words: describeOne(manifest, as) })}`);
    separator = ',';
  });
  const covered = gaps.length === 0 ? '' : `,"gaps":${JSON.stringify(gaps)}`;
  await io.out(separator === ',' ? `\n]${covered}}\n` : `${separator}]${covered}}\n`);
  return isComplete ? 0 : 2;
}

function describeOne(manifest: Manifest, as: Semantics): PolicyWords {
  const refusal = refusalOf(manifest, as);
  return describePolicy(manifest.object, { as, ...(refusal === undefined ? {} : { refusal }) });
}

/** A refused policy has no effect, whatever it says. */
function refusalOf(manifest: Manifest, as: Semantics): string | undefined {
  const refused = validate(manifest).find(
    ({ refusedBy }) => refusedBy === 'api-server' || (refusedBy === 'cilium' && as === 'cilium'),
  );
  if (refused === undefined) return undefined;
  const by = refused.refusedBy === 'cilium' ? 'Cilium' : 'the API server';
  return `${by} refuses ${refused.path === '' ? 'it' : refused.path}: ${refused.message}`;
}

interface Found {
  readonly file: string;
  readonly manifest: Manifest;
}

/** Whether everything could be read, and what a cluster did not let us read. */
async function eachPolicy(
  sources: readonly ManifestSource[],
  io: Io,
  visit: (found: Found) => Promise<void>,
): Promise<{ readonly isComplete: boolean; readonly gaps: readonly Gap[] }> {
  const progress = reportProgress(io, 'files described');
  let isComplete = true;
  const gaps: Gap[] = [];
  for await (const { file, manifests, problems, gaps: own = [] } of readManifestFiles(sources, io)) {
    gaps.push(...own);
    if (problems.length > 0) {
      isComplete = false;
      io.err(`${problemLines(file, problems)}\n`);
    }
    for (const manifest of manifests) if (isPolicy(manifest)) await visit({ file, manifest });
    progress.step();
  }
  progress.end();
  return { isComplete: isComplete && gaps.length === 0, gaps };
}
