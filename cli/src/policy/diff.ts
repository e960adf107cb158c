import { changeKinds, diff as differencesOf } from '@bartizan/policy';
import type { ChangedPair, Decider, PolicyDiff } from '@bartizan/policy';
import { defineCommand, UsageError } from '../command.ts';
import { withStandIns } from './connectivity.ts';
import { connectionsInWords, dotString, remembered } from './connectivity-text.ts';
import type { Gap } from './flow-gaps.ts';
import { distinctGaps, gapLines } from './gap-lines.ts';
import { asOf, asOption, loadWorld } from './load-world.ts';
import type { LoadedWorld } from './load-world.ts';
import { clusterHelp, clusterKinds, clusterSources, clusterOptions, requireContext } from './manifest-source.ts';
import type { ClusterValues, ManifestSource } from './manifest-source.ts';
import { writeChunks } from './write-chunks.ts';

export const diff = defineCommand({
  name: 'policy diff',
  summary: 'Connections gained and lost between two sets of manifests',
  args: 'OLD NEW',
  positionals: { max: 2 },
  options: {
    ...clusterOptions,
    'new-context': {
      type: 'string',
      value: 'NAME',
      describe: 'NEW is the cluster of this context, under PATH if given',
    },
    output: { type: 'string', short: 'o', value: 'json|txt|dot', default: 'json', describe: 'how to print it' },
    why: { type: 'boolean', default: false, describe: 'name for each pair the rules that decide, before and after' },
    as: asOption,
  },
  details: `OLD and NEW are each a file, a folder (read with everything below: *.yaml, *.yml, *.json) or, one of them, - for standard input.
Workloads are those of each side; where neither has one, the pods that the policies select stand in.
Exit code 1 when anything differs.

${clusterHelp} --context NAME stands for OLD, and
--new-context NAME for NEW; with both, a PATH is laid over NEW: what would change if it were applied.`,
  async run({ values, positionals, io }) {
    const print = printers[values.output];
    if (print === undefined) throw new UsageError(`--output is one of json, txt, dot, not "${values.output}".`);
    const as = asOf(values.as);
    const loaded: LoadedWorld[] = [];
    for (const side of sidesOf(positionals, values)) loaded.push(await loadWorld(side, as, io));
    const gaps = distinctGaps(loaded.flatMap((world) => world.gaps));
    const [before, after] = withStandIns(loaded, io);
    if (before === undefined || after === undefined) throw new Error('two worlds became fewer');
    const result = differencesOf({ ...before, options: { as } }, { ...after, options: { as } });
    for (const reason of result.undecided) io.err(`nothing can be said of some ends: ${reason}\n`);
    await writeChunks(print(result, { withRules: values.why, gaps }), io);
    if (gaps.length > 0) return 2;
    return result.isSame ? 0 : 1;
  },
});

interface Sides extends ClusterValues {
  readonly 'new-context'?: string | undefined;
}

/** What OLD and NEW are read from. */
function sidesOf(paths: readonly string[], values: Sides): readonly (readonly ManifestSource[])[] {
  const { context, 'new-context': newContext } = values;
  const ofFiles = [context, newContext].filter((name) => name === undefined).length;
  if (ofFiles > 0 && paths.length !== ofFiles)
    throw new UsageError('bartizan policy diff needs OLD NEW: a PATH for each side that is not a cluster.');
  if (ofFiles === 2) requireContext('policy diff', values);
  if (paths.length === 2 && paths.every((path) => path === '-'))
    throw new UsageError('Only one of OLD and NEW can be standard input.');
  const [oldPaths, newPaths] = context === undefined ? [paths.slice(0, 1), paths.slice(1)] : [[], paths];
  const cluster = (name: string | undefined) => clusterSources(name, values, clusterKinds.world);
  return [
    [...cluster(context), ...oldPaths],
    [...cluster(newContext), ...newPaths],
  ];
}

type Printer = (result: PolicyDiff, how: { withRules: boolean; gaps: readonly Gap[] }) => Iterable<string>;

const printers: Readonly<Record<string, Printer>> = {
  *json(result, { withRules, gaps }) {
    const text = remembered((connections) => JSON.stringify(connections));
    for (const [place, kind] of changeKinds.entries()) {
      yield `${place === 0 ? '{' : ',\n'}${JSON.stringify(kind)}:[`;
      let separator = '\n';
      for (const pair of result.pairs(kind)) {
        const why = withRules ? `,"why":${JSON.stringify(result.responsibleFor(pair) ?? null)}` : '';
        const ends = `"from":${JSON.stringify(pair.from)},"to":${JSON.stringify(pair.to)}`;
        yield `${separator}{${ends},"before":${text(pair.before)},"after":${text(pair.after)}${why}}`;
        separator = ',\n';
      }
      yield separator === '\n' ? ']' : '\n]';
    }
    yield gaps.length === 0 ? '}\n' : `,\n"gaps":${JSON.stringify(gaps)}}\n`;
  },
  *txt(result, { withRules, gaps }) {
    const words = remembered(connectionsInWords);
    for (const kind of changeKinds) {
      for (const pair of result.pairs(kind)) {
        yield `${kind}: ${pair.from} => ${pair.to} : ${words(pair.before)} -> ${words(pair.after)}\n`;
        if (withRules) yield* rulesInWords(result, pair);
      }
    }
    if (result.isSame) yield 'no difference\n';
    yield gapLines(gaps);
  },
  *dot(result) {
    const colours = { added: 'darkgreen', removed: 'red', changed: 'orange' };
    yield 'digraph difference {\n  rankdir=LR;\n  node [shape=box];\n';
    for (const kind of changeKinds) {
      for (const { from, to, before, after } of result.pairs(kind)) {
        const label = dotString(`${connectionsInWords(before)} -> ${connectionsInWords(after)}`);
        yield `  ${dotString(from)} -> ${dotString(to)} [label=${label} color=${colours[kind]}];\n`;
      }
    }
    yield '}\n';
  },
};

function* rulesInWords(result: PolicyDiff, pair: ChangedPair): Iterable<string> {
  const responsible = result.responsibleFor(pair);
  if (responsible === undefined) return;
  const { protocol, port, before, after } = responsible;
  yield `    ${protocol} ${port}: before ${decidersInWords(before)}; after ${decidersInWords(after)}\n`;
}

function decidersInWords(deciders: readonly Decider[]): string {
  if (deciders.length === 0) return 'no policy decided';
  return deciders.map(({ policy, rule, effect }) => `${policy} ${rule} (${effect})`).join(', ');
}
