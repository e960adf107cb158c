import { compile } from '@bartizan/policy';
import type { Engine } from '@bartizan/policy';
import { defineCommand, UsageError } from '../command.ts';
import { judgePolicies } from './judged-policies.ts';
import type { Rejected } from './judged-policies.ts';
import type { Gap } from './flow-gaps.ts';
import { asOf, asOption } from './load-world.ts';
import { clusterHelp, clusterKinds, clusterOptions, sourcesOf } from './manifest-source.ts';
import { readQueries } from './queries.ts';
import type { Query } from './queries.ts';
import { writeChunks } from './write-chunks.ts';

export const evaluate = defineCommand({
  name: 'policy evaluate',
  summary: 'Verdicts on connections between endpoints that a file describes',
  args: 'PATH…',
  positionals: {},
  options: {
    ...clusterOptions,
    queries: { type: 'string', value: 'FILE', describe: 'endpoints and connections as JSON; - is standard input' },
    output: { type: 'string', short: 'o', value: 'json', default: 'json', describe: 'how to print it' },
    as: asOption,
  },
  details: `FILE: {"cluster", "options", "endpoints": [{"id", "namespace", "labels", "namespaceLabels", "serviceAccount", "ip", "ports"} |
{"id", "cidr", "names"} | {"id", "entity"}], "queries": [{"from", "to", "port", "protocol", "http"?, "dns"?}]}.
Prints {"verdicts": [{"from", "to", "port", "protocol", "egress", "ingress", "verdict", "decidedBy"}], "rejected"}. Policies that the
cluster would refuse have no effect and are in "rejected". Exit code 2 when a question has no answer: its verdict is "error" and says why.

${clusterHelp} PATH… with it are laid over the cluster.`,
  async run({ values, positionals, io }) {
    if (values.queries === undefined)
      throw new UsageError('--queries FILE is missing: it says which connections to judge.');
    if (values.output !== 'json') throw new UsageError(`--output is json, not "${values.output}".`);
    if (values.queries === '-' && positionals.includes('-'))
      throw new UsageError('only one of PATH and --queries can be -.');
    const document = await readQueries(values.queries, io);
    const options = { ...document.options, as: asOf(values.as) };
    const sources = sourcesOf(positionals, values, { command: 'policy evaluate', kinds: clusterKinds.rules });
    const { policies, rejected, inventory, gaps } = await judgePolicies(sources, options, io);
    const { services, cidrGroups } = inventory;
    const engine = compile(
      policies,
      { cluster: document.cluster, endpoints: document.endpoints, services, cidrGroups },
      options,
    );
    const failures = { count: 0 };
    await writeChunks(print(engine, document.queries, { rejected, gaps }, failures), io);
    if (failures.count === 0) return gaps.length === 0 ? 0 : 2;
    io.err(`${failures.count} of ${document.queries.length} questions have no answer: see "error" of their verdicts\n`);
    return 2;
  },
});

function* print(
  engine: Engine,
  queries: readonly Query[],
  { rejected, gaps }: { rejected: readonly Rejected[]; gaps: readonly Gap[] },
  failures: { count: number },
): Generator<string> {
  yield '{"verdicts":[';
  for (const [index, query] of queries.entries()) {
    const { egress, ingress, verdict, decidedBy, error } = engine.decide(query);
    if (verdict === 'error') failures.count += 1;
    const { from, to, port = 0, protocol = 'TCP' } = query;
    yield `${index === 0 ? '' : ','}\n${JSON.stringify({ from, to, port, protocol, egress, ingress, verdict, decidedBy, error })}`;
  }
  const covered = gaps.length === 0 ? '' : `,"gaps":${JSON.stringify(gaps)}`;
  yield `\n],"rejected":${JSON.stringify(rejected)}${covered}}\n`;
}
