import { connectivity as connectivityOf, standIns } from '@bartizan/policy';
import type { ConnectivityItem } from '@bartizan/policy';
import { defineCommand, UsageError } from '../command.ts';
import type { Io } from '../command.ts';
import { connectionsInWords, dotString, remembered } from './connectivity-text.ts';
import type { Gap } from './flow-gaps.ts';
import { gapLines } from './gap-lines.ts';
import { asOf, asOption, loadWorld } from './load-world.ts';
import type { LoadedWorld } from './load-world.ts';
import { clusterHelp, clusterKinds, clusterOptions, sourcesOf } from './manifest-source.ts';
import { writeChunks } from './write-chunks.ts';

export const connectivity = defineCommand({
  name: 'policy connectivity',
  summary: 'Who may connect to whom on what, from manifests of workloads and policies',
  args: 'PATH…',
  positionals: {},
  options: {
    ...clusterOptions,
    output: { type: 'string', short: 'o', value: 'txt|json|dot', default: 'txt', describe: 'how to print it' },
    as: asOption,
  },
  details: `PATH is a file, a folder (read with everything below: *.yaml, *.yml, *.json) or - for standard input. The ends are workloads,
NAMESPACE/NAME[Kind], and ranges of addresses outside. What nothing restricts is listed as TCP, UDP and SCTP 1-65535.
Where there is no workload among the manifests, the pods that the policies select stand in: NAMESPACE/{key=value}[Pods].

${clusterHelp} PATH… with it are laid over the cluster. Workloads are the
owners of the pods that run.`,
  async run({ values, positionals, io }) {
    const print = printers[values.output];
    if (print === undefined) throw new UsageError(`--output is one of txt, json, dot, not "${values.output}".`);
    const as = asOf(values.as);
    const sources = sourcesOf(positionals, values, { command: 'policy connectivity', kinds: clusterKinds.world });
    const { policies, inventory, gaps } = withStandIns([await loadWorld(sources, as, io)], io)[0] ?? nothing;
    const result = connectivityOf({ policies, inventory, options: { as } });
    for (const reason of result.undecided) io.err(`nothing can be said of some ends: ${reason}\n`);
    await writeChunks(print(result.items(), gaps), io);
    return gaps.length === 0 ? 0 : 2;
  },
});

const nothing: LoadedWorld = {
  policies: [],
  inventory: { workloads: [], services: [], cidrGroups: [], namespaceLabels: new Map() },
  gaps: [],
};

/**
 * A world without a workload has those of the other one; where all are without, the pods that the policies of all of them
 * select stand in.
 */
export function withStandIns(worlds: readonly LoadedWorld[], io: Pick<Io, 'err'>): readonly LoadedWorld[] {
  const inhabited = worlds.find(({ inventory }) => inventory.workloads.length > 0);
  if (inhabited !== undefined) return worlds.map((world) => lend(inhabited, world, io));
  const policies = worlds.flatMap((world) => world.policies);
  if (policies.length === 0) {
    io.err('neither a workload nor a policy is among the manifests\n');
    return worlds;
  }
  const labels = new Map(worlds.flatMap(({ inventory }) => [...inventory.namespaceLabels]));
  const workloads = standIns(policies, labels);
  io.err('no workload is among the manifests: the pods that the policies select stand in for them\n');
  return worlds.map((world) => ({ ...world, inventory: { ...world.inventory, workloads } }));
}

function lend(from: LoadedWorld, to: LoadedWorld, io: Pick<Io, 'err'>): LoadedWorld {
  if (to.inventory.workloads.length > 0) return to;
  io.err('one side has no workload: those of the other side are taken for both\n');
  const { workloads, namespaceLabels, services } = from.inventory;
  const own = to.inventory;
  return {
    ...to,
    inventory: {
      workloads,
      services: own.services.length > 0 ? own.services : services,
      cidrGroups: own.cidrGroups,
      namespaceLabels: own.namespaceLabels.size > 0 ? own.namespaceLabels : namespaceLabels,
    },
  };
}

type Printer = (items: Iterable<ConnectivityItem>, gaps: readonly Gap[]) => Iterable<string>;

const printers: Readonly<Record<string, Printer>> = {
  *txt(items, gaps) {
    const words = remembered(connectionsInWords);
    for (const { from, to, connections } of items) yield `${from} => ${to} : ${words(connections)}\n`;
    yield gapLines(gaps);
  },
  *json(items, gaps) {
    const text = remembered((connections) => JSON.stringify(connections));
    let separator = '{"items":[\n';
    for (const { from, to, connections } of items) {
      yield `${separator}{"from":${JSON.stringify(from)},"to":${JSON.stringify(to)},"connections":${text(connections)}}`;
      separator = ',\n';
    }
    const covered = gaps.length === 0 ? '' : `,"gaps":${JSON.stringify(gaps)}`;
    yield separator === ',\n' ? `\n]${covered}}\n` : `{"items":[]${covered}}\n`;
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
