import { endName } from '@bartizan/flow';
import { categories, clusterOf, observedOf, simulate as simulationOf } from '@bartizan/policy';
import type { Category, SimulatedItem, Simulation } from '@bartizan/policy';
import { CommandError, defineCommand, UsageError } from '../command.ts';
import { gapsOf, gapsOfPolicies, nothingToJudge } from './flow-gaps.ts';
import type { Gap } from './flow-gaps.ts';
import { distinctGaps } from './gap-lines.ts';
import { asOf, asOption, loadWorld } from './load-world.ts';
import { clusterHelp, clusterKinds, clusterOptions, clusterSources, requireContext } from './manifest-source.ts';
import { readFlows } from './read-flows.ts';
import { writeChunks } from './write-chunks.ts';

export const simulate = defineCommand({
  name: 'policy simulate',
  summary: 'What policies would do to connections that Hubble recorded',
  args: 'PATH…',
  positionals: {},
  options: {
    ...clusterOptions,
    flows: {
      type: 'string',
      multiple: true,
      value: 'FILE',
      describe: "Hubble's export file, or `hubble observe -o jsonpb`, also gzip; - is standard input; may be repeated",
    },
    before: { type: 'string', multiple: true, value: 'PATH', describe: 'the policies that held when it was recorded' },
    'before-context': {
      type: 'string',
      value: 'NAME',
      describe: 'the same, read from a cluster',
    },
    output: { type: 'string', short: 'o', value: 'json|text', default: 'json', describe: 'how to print it' },
    cluster: {
      type: 'string',
      value: 'NAME',
      describe: 'the name of the cluster; else the one most pods name as theirs',
    },
    as: asOption,
  },
  details: `PATH has the policies to try, and may have workloads, namespaces and services: a file, a folder or -. Without --before, what Hubble
reported is what was. Connections are policy verdicts, or drops by policy where verdicts are switched off.
Exit code 1 when a connection is newly denied or newly allowed; 2 when nothing could be judged.

${clusterHelp} PATH… with it are laid over the cluster: what would change if they were applied is
--context NAME --before-context NAME PATH….`,
  async run({ values, positionals, io }) {
    const { flows: files = [], output } = values;
    if (files.length === 0) throw new UsageError('bartizan policy simulate needs --flows FILE.');
    if (output !== 'json' && output !== 'text') throw new UsageError(`--output is json or text, not "${output}".`);
    if ([...files, ...positionals, ...(values.before ?? [])].filter((path) => path === '-').length > 1) {
      throw new UsageError('Standard input can be read only once.');
    }
    const as = asOf(values.as);
    const { before: paths = [], 'before-context': earlier } = values;
    const kinds = clusterKinds.world;
    const sources = [...clusterSources(values.context, values, kinds), ...positionals];
    if (sources.length === 0) throw new UsageError('bartizan policy simulate needs PATH… or --context NAME');
    if (values.context === undefined && earlier === undefined) requireContext('policy simulate', values);
    const after = await loadWorld(sources, as, io);
    const sourcesBefore = [...clusterSources(earlier, values, kinds), ...paths];
    const before = sourcesBefore.length === 0 ? undefined : await loadWorld(sourcesBefore, as, io);
    const flows = await readFlows({ files, podAddresses: as === 'kubernetes', io });
    const nothing = nothingToJudge(files, flows);
    if (nothing !== undefined) throw new CommandError(nothing);
    const { services, cidrGroups } = after.inventory;
    const result = simulationOf({
      observed: observedOf(flows.edges, {
        nameOf: endName,
        inventory: after.inventory,
        podAddresses: as === 'kubernetes',
      }),
      after: after.policies,
      before: before?.policies,
      world: { cluster: values.cluster ?? clusterOf(flows.edges), services, cidrGroups },
      options: { as },
    });
    const unread = distinctGaps([...after.gaps, ...(before?.gaps ?? [])]);
    const gaps = [...unread, ...gapsOf(files, flows), ...gapsOfPolicies(after.policies)];
    await writeChunks(output === 'json' ? json(result, gaps) : text(result, gaps), io);
    if (unread.length > 0) return 2;
    return result.counts.newlyDenied + result.counts.newlyAllowed > 0 ? 1 : 0;
  },
});

function* json(result: Simulation, gaps: readonly Gap[]): Iterable<string> {
  yield `{"connections":${result.connections}`;
  for (const category of categories) {
    yield `,\n"${category}":{"count":${result.counts[category]},"items":[`;
    let separator = '\n';
    for (const item of result.items(category)) {
      yield `${separator}${JSON.stringify(item)}`;
      separator = ',\n';
    }
    yield separator === '\n' ? ']}' : '\n]}';
  }
  yield `,\n"gaps":${JSON.stringify(gaps)}}\n`;
}

const words: Readonly<Record<Category, string>> = {
  newlyDenied: 'newly denied',
  newlyAllowed: 'newly allowed',
  unchanged: 'unchanged',
  unknown: 'unknown',
  audited: 'denied once enforcement is on',
  disagrees: 'reported otherwise than the policies before say',
};

function* text(result: Simulation, gaps: readonly Gap[]): Iterable<string> {
  yield `${result.connections} connections\n`;
  for (const category of categories) {
    yield `${result.counts[category]} ${words[category]}\n`;
    if (category === 'unchanged') continue;
    for (const item of result.items(category)) yield `  ${itemInWords(item)}\n`;
  }
  for (const { source, reason } of gaps) yield `not covered: ${reason} (${source})\n`;
}

function itemInWords({ from, to, port, protocol, count, firstSeen, lastSeen, reason }: SimulatedItem): string {
  const where = port === null ? protocol : `${port}/${protocol}`;
  const when = firstSeen === '' ? '' : `, ${firstSeen} to ${lastSeen}`;
  return `${from} -> ${to} ${where}: ${count}${when}${reason === undefined ? '' : ` (${reason})`}`;
}
