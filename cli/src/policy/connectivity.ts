import { connectivity as connectivityOf, standIns } from '@bartizan/policy';
import type { ConnectivityItem } from '@bartizan/policy';
import { defineCommand, UsageError } from '../command.ts';
import type { Io } from '../command.ts';
import { connectionsInWords, dotString, remembered } from './connectivity-text.ts';
import { asOf, asOption, loadWorld } from './load-world.ts';
import type { LoadedWorld } from './load-world.ts';
import { writeChunks } from './write-chunks.ts';

export const connectivity = defineCommand({
  name: 'policy connectivity',
  summary: 'Who may connect to whom on what, from manifests of workloads and policies',
  args: 'PATH…',
  positionals: { min: 1 },
  options: {
    output: { type: 'string', short: 'o', value: 'txt|json|dot', default: 'txt', describe: 'how to print it' },
    as: asOption,
  },
  details: `PATH is a file, a folder (read with everything below: *.yaml, *.yml, *.json) or - for standard input. The ends are workloads,
NAMESPACE/NAME[Kind], and ranges of addresses outside. What nothing restricts is listed as TCP, UDP and SCTP 1-65535.
Where there is no workload among the manifests, the pods that the policies select stand in: NAMESPACE/{key=value}[Pods].`,
  async run({ values, positionals, io }) {
    const print = printers[values.output];
    if (print === undefined) throw new UsageError(`--output is one of txt, json, dot, not "${values.output}".`);
    const as = asOf(values.as);
    const { policies, inventory } = withStandIns([await loadWorld(positionals, as, io)], io)[0] ?? nothing;
    const result = connectivityOf({ policies, inventory, options: { as } });
    for (const reason of result.undecided) io.err(`nothing can be said of some ends: ${reason}\n`);
    await writeChunks(print(result.items()), io);
    return 0;
  },
});

const nothing: LoadedWorld = {
  policies: [],
  inventory: { workloads: [], services: [], cidrGroups: [], namespaceLabels: new Map() },
};

/** Where none of the worlds has a workload, those that the policies of all of them select. */
export function withStandIns(worlds: readonly LoadedWorld[], io: Pick<Io, 'err'>): readonly LoadedWorld[] {
  if (worlds.some(({ inventory }) => inventory.workloads.length > 0)) return worlds;
  const policies = worlds.flatMap((world) => world.policies);
  const labels = new Map(worlds.flatMap(({ inventory }) => [...inventory.namespaceLabels]));
  const workloads = standIns(policies, labels);
  io.err('no workload is among the manifests: the pods that the policies select stand in for them\n');
  return worlds.map((world) => ({ ...world, inventory: { ...world.inventory, workloads } }));
}

type Printer = (items: Iterable<ConnectivityItem>) => Iterable<string>;

const printers: Readonly<Record<string, Printer>> = {
  *txt(items) {
    const words = remembered(connectionsInWords);
    for (const { from, to, connections } of items) yield `${from} => ${to} : ${words(connections)}\n`;
  },
  *json(items) {
    const text = remembered((connections) => JSON.stringify(connections));
    let separator = '{"items":[\n';
    for (const { from, to, connections } of items) {
      yield `${separator}{"from":${JSON.stringify(from)},"to":${JSON.stringify(to)},"connections":${text(connections)}}`;
      separator = ',\n';
    }
    yield separator === ',\n' ? '\n]}\n' : '{"items":[]}\n';
  },
  *dot(items) {
    const words = remembered((connections) => dotString(connectionsInWords(connections)));
    yield 'digraph connectivity {\n  rankdir=LR;\n  node [shape=box];\n';
    for (const { from, to, connections } of items) {
      yield `  ${dotString(from)} -> ${dotString(to)} [label=${words(connections)}];\n`;
    }
    yield '}\n';
  },
};
