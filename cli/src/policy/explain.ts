import { compile, parseAddress, parseCidr, parseProtocol } from '@bartizan/policy';
import type { EndpointDescription, Flow, Inventory } from '@bartizan/policy';
import { CommandError, defineCommand, UsageError } from '../command.ts';
import { chooseOption } from './choose-option.ts';
import { gapLines } from './gap-lines.ts';
import { explanationInWords } from './explanation-text.ts';
import { judgePolicies } from './judged-policies.ts';
import { asOf, asOption } from './load-world.ts';
import { clusterHelp, clusterKinds, clusterOptions, sourcesOf } from './manifest-source.ts';

export const explain = defineCommand({
  name: 'policy explain',
  summary: 'Why a connection is allowed or denied, and what would have allowed it',
  args: 'PATH…',
  positionals: {},
  options: {
    ...clusterOptions,
    from: { type: 'string', value: 'END', describe: 'where the connection comes from' },
    to: { type: 'string', value: 'END', describe: 'where it goes' },
    port: { type: 'string', value: 'PORT/PROTOCOL', describe: 'for example 80/TCP, http/TCP, 8/ICMP' },
    http: { type: 'string', value: '"METHOD PATH"', describe: 'also judge this request: "GET /public"' },
    dns: { type: 'string', value: 'NAME', describe: 'also judge a query for this name' },
    output: { type: 'string', short: 'o', value: 'text|json', default: 'text', describe: 'how to print it' },
    as: asOption,
  },
  details: `END is a workload of the manifests (NAMESPACE/NAME or NAMESPACE/KIND/NAME), a pod described by its labels
(NAMESPACE/{key=value,key=value}), an address (203.0.113.9, 203.0.113.0/24) or an entity (world, host, remote-node, kube-apiserver …).

${clusterHelp} PATH… with it are laid over the cluster: what would be if they were applied.`,
  async run({ values, positionals, io }) {
    const output = chooseOption('output', values.output, ['text', 'json'] as const);
    const options = { as: asOf(values.as) };
    const { port, protocol } = portOf(values.port);
    const sources = sourcesOf(positionals, values, { command: 'policy explain', kinds: clusterKinds.world });
    const judged = await judgePolicies(sources, options, io);
    for (const { policy, message } of judged.rejected)
      io.err(`${policy} would be refused and has no effect: ${message}\n`);
    const { services, cidrGroups } = judged.inventory;
    const from = endOf(values.from, 'from', judged.inventory);
    const to = endOf(values.to, 'to', judged.inventory);
    const engine = compile(judged.policies, { endpoints: [], services, cidrGroups }, options);
    const flow: Flow = {
      from,
      to,
      port,
      protocol,
      http: requestOf(values.http),
      dns: values.dns === undefined ? undefined : { name: values.dns },
    };
    const explanation = engine.explain(flow);
    if (explanation.verdict === 'error') throw new CommandError(explanation.error ?? 'there is no verdict.');
    const gaps = judged.gaps.length === 0 ? {} : { gaps: judged.gaps };
    const question = { from: values.from ?? '', to: values.to ?? '', port, protocol };
    await io.out(
      output === 'json'
        ? `${JSON.stringify({ ...question, ...explanation, rejected: judged.rejected, ...gaps }, null, 2)}\n`
        : `${explanationInWords(question, explanation, judged.placeOf)}${gapLines(judged.gaps)}`,
    );
    return judged.gaps.length === 0 ? 0 : 2;
  },
});

function portOf(text: string | undefined): { readonly port: string; readonly protocol: string } {
  const [, port, word = 'TCP'] = /^([^/]+)(?:\/([^/]+))?$/.exec(text ?? '') ?? [];
  const protocol = parseProtocol(word);
  if (port === undefined) throw new UsageError('--port is missing: write it as 80/TCP.');
  if (protocol === undefined) throw new UsageError(`--port: "${word}" is not a protocol.`);
  return { port, protocol };
}

function requestOf(text: string | undefined): Flow['http'] {
  if (text === undefined) return undefined;
  const [, method, path] = /^(\S+) (\S+)$/.exec(text) ?? [];
  if (method === undefined || path === undefined) throw new UsageError('--http is a method and a path: "GET /public".');
  return { method, path };
}

const entities = ['host', 'world', 'unmanaged', 'health', 'init', 'remote-node', 'kube-apiserver', 'ingress'];

function endOf(text: string | undefined, option: string, inventory: Inventory): EndpointDescription {
  if (text === undefined) throw new UsageError(`--${option} END is missing.`);
  if (entities.includes(text)) return { entity: text };
  if (parseAddress(text) ?? parseCidr(text)) return { cidr: text };
  return podByLabels(text, inventory) ?? workloadOf(text, option, inventory);
}

function podByLabels(text: string, { namespaceLabels }: Inventory): EndpointDescription | undefined {
  const [, namespace, inner] = /^([^/{}]+)\/?\{([^{}]*)\}$/.exec(text) ?? [];
  if (namespace === undefined || inner === undefined) return undefined;
  const labels = inner
    .split(',')
    .filter((pair) => pair.trim() !== '')
    .map((pair): [string, string] => {
      const [key = '', value = ''] = pair.split('=');
      return [key.trim(), value.trim()];
    });
  const ofNamespace = { ...namespaceLabels.get(namespace), 'kubernetes.io/metadata.name': namespace };
  return { namespace, labels: Object.fromEntries(labels), namespaceLabels: ofNamespace };
}

function workloadOf(text: string, option: string, { workloads }: Inventory): EndpointDescription {
  const [namespace = '', ...rest] = text.split('/');
  const name = rest.at(-1) ?? '';
  const kind = rest.length === 2 ? rest[0]?.toLowerCase() : undefined;
  const named = workloads.filter(({ name: full }) => {
    const [, ns, own, ownKind = ''] = /^(.*?)\/(.*)\[(.*)\]$/.exec(full) ?? [];
    return ns === namespace && own === name && (kind === undefined || ownKind.toLowerCase() === kind);
  });
  const [workload, ...others] = named;
  const endpoint = workload?.endpoints[0];
  if (!workload || !endpoint)
    throw new CommandError(`--${option}: there is no workload "${text}" in the manifests${known(workloads)}.`);
  if (others.length > 0) {
    const all = named.map((each) => each.name).join(', ');
    throw new CommandError(`--${option}: "${text}" is one of ${all}: write NAMESPACE/KIND/NAME.`);
  }
  return endpoint;
}

function known(workloads: Inventory['workloads']): string {
  if (workloads.length === 0)
    return ', which hold no workload at all; NAMESPACE/{key=value} describes a pod by its labels';
  const names = workloads.slice(0, 5).map(({ name }) => name);
  return `; there are ${names.join(', ')}${workloads.length > names.length ? ' …' : ''}`;
}
