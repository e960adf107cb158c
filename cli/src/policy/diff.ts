import { changeKinds, diff as differencesOf } from '@bartizan/policy';
import type { ChangedPair, Decider, PolicyDiff } from '@bartizan/policy';
import { defineCommand, UsageError } from '../command.ts';
import { withStandIns } from './connectivity.ts';
import { connectionsInWords, dotString, remembered } from './connectivity-text.ts';
import { asOf, asOption, loadWorld } from './load-world.ts';
import { writeChunks } from './write-chunks.ts';

export const diff = defineCommand({
  name: 'policy diff',
  summary: 'Connections gained and lost between two sets of manifests',
  args: 'OLD NEW',
  positionals: { min: 2, max: 2 },
  options: {
    output: { type: 'string', short: 'o', value: 'json|txt|dot', default: 'json', describe: 'how to print it' },
    why: { type: 'boolean', default: false, describe: 'name for each pair the rules that decide, before and after' },
    as: asOption,
  },
  details: `OLD and NEW are each a file, a folder (read with everything below: *.yaml, *.yml, *.json) or, one of them, - for standard input.
Workloads are those of each side; where neither has one, the pods that the policies select stand in.
Exit code 1 when anything differs.`,
  async run({ values, positionals, io }) {
    const print = printers[values.output];
    if (print === undefined) throw new UsageError(`--output is one of json, txt, dot, not "${values.output}".`);
    const as = asOf(values.as);
    const [oldPath = '', newPath = ''] = positionals;
    if (oldPath === '-' && newPath === '-') throw new UsageError('Only one of OLD and NEW can be standard input.');
    const loaded = [await loadWorld([oldPath], as, io), await loadWorld([newPath], as, io)];
    const [before, after] = withStandIns(loaded, io);
    if (before === undefined || after === undefined) throw new Error('two worlds became fewer');
    const result = differencesOf({ ...before, options: { as } }, { ...after, options: { as } });
    for (const reason of result.undecided) io.err(`nothing can be said of some ends: ${reason}\n`);
    await writeChunks(print(result, values.why), io);
    return result.isSame ? 0 : 1;
  },
});

type Printer = (result: PolicyDiff, withRules: boolean) => Iterable<string>;

const printers: Readonly<Record<string, Printer>> = {
  *json(result, withRules) {
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
    yield '}\n';
  },
  *txt(result, withRules) {
    const words = remembered(connectionsInWords);
    for (const kind of changeKinds) {
      for (const pair of result.pairs(kind)) {
        yield `${kind}: ${pair.from} => ${pair.to} : ${words(pair.before)} -> ${words(pair.after)}\n`;
        if (withRules) yield* rulesInWords(result, pair);
      }
    }
    if (result.isSame) yield 'no difference\n';
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
