import type { SourceStatus } from '@bartizan/api';
import { openCluster } from '@bartizan/backends/kubernetes';
import { stateOfFailure } from '@bartizan/backends';
import type { Cluster } from '@bartizan/backends';
import type { EnvironmentSetup, SourceHandle } from '@bartizan/server';
import type { Config } from '../config/config.ts';
import { missingSources, policySource } from './cluster-sources.ts';
import { readsElasticsearch, readsFiles } from '../config/firewalls.ts';
import { environmentsOf } from './environments.ts';
import { defaultKubeconfig, namesOf } from './open-sources.ts';
import { probeFlowLogs, probeLogs } from './probe-logs.ts';
import { placeOfUrl } from './place-of-url.ts';
import { fixes } from './source-fixes.ts';

export interface ProbedEnvironment {
  readonly id: string;
  readonly sources: readonly SourceStatus[];
}

export interface Probed {
  readonly environments: readonly ProbedEnvironment[];
  /** Why there is no environment at all, and what to add. */
  readonly empty?: { readonly reason: string; readonly fix: string };
}

const patienceMs = 8000;
/** Prometheus is looked at without the names of namespaces where the cluster is slower to tell them. */
const namespacesWithinMs = 3000;

/** Asks every source once, and waits for none longer than a few seconds. Nothing is stored. */
export async function probeSources(options: {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}): Promise<Probed> {
  const { config, env, clock } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(patienceMs)]);
  const clusters = new Map(
    config.clusters.map(({ name, kubeconfig, context }) => [
      name,
      openCluster({ name, kubeconfig: kubeconfig ?? defaultKubeconfig(env), context, environment: env, signal, clock }),
    ]),
  );
  try {
    const [flows, firewalls] = await Promise.all([
      probeFlows({ config, clusters, signal, clock }),
      Promise.all(config.firewalls.map((firewall) => probeFirewall(firewall, clock))),
    ]);
    await Promise.race([Promise.all([...clusters.values()].map(({ synced }) => synced)), aborted(signal)]);
    const policies = [...clusters.values()].map((cluster) => policySource(cluster, cluster.name));
    const handles = [...flows, ...firewalls, ...policies, ...missingSources(config)];
    const { items, empty } = environmentsOf(config, clusters);
    const sourcesFor = (setup: EnvironmentSetup) =>
      handles.filter((handle) => handle.covers(setup)).map((handle) => handle.status());
    return {
      environments: items.map((setup) => ({ id: setup.id, sources: sourcesFor(setup) })),
      ...(empty ? { empty } : {}),
    };
  } finally {
    await Promise.all([...clusters.values()].map((cluster) => cluster.close()));
  }
}

async function probeFirewall(firewall: Config['firewalls'][number], clock: () => Date): Promise<SourceHandle> {
  const status = await firewallState(firewall, clock);
  return {
    signal: 'waf',
    name: firewall.name,
    covers: (setup) => setup.firewalls.includes(firewall.name),
    status: () => status,
  };
}

async function firewallState(firewall: Config['firewalls'][number], clock: () => Date): Promise<SourceStatus> {
  if (readsFiles(firewall)) return probeLogs(firewall);
  if (!readsElasticsearch(firewall)) throw new Error(`${firewall.name} has no logs`);
  const { elasticsearchStatus, openReader } = await import('./open-elasticsearch.ts');
  const reader = await openReader(firewall, () => null, clock);
  try {
    return await elasticsearchStatus(firewall, reader, clock);
  } finally {
    await reader.close();
  }
}

async function probeFlows(options: {
  readonly config: Config;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly signal: AbortSignal;
  readonly clock: () => Date;
}): Promise<SourceHandle[]> {
  const { config, clusters, signal, clock } = options;
  const probes = config.clusters.flatMap(({ name, relay, flowLogs, prometheus }) => [
    ...(flowLogs ? [{ name, probe: probeFlowLogs(name, flowLogs) }] : []),
    ...(relay
      ? [{ name, probe: probeRelay({ name, relay, hasMetrics: prometheus !== undefined, signal, clock }) }]
      : []),
    ...(prometheus ? [{ name, probe: probePrometheus(prometheus, clusters.get(name), signal) }] : []),
  ]);
  return Promise.all(
    probes.map(async ({ name, probe }): Promise<SourceHandle> => {
      const status = await probe;
      return { signal: 'flows', name, covers: (setup) => setup.cluster === name, status: () => status };
    }),
  );
}

async function probeRelay(options: {
  readonly name: string;
  readonly relay: NonNullable<Config['clusters'][number]['relay']>;
  readonly hasMetrics: boolean;
  readonly signal: AbortSignal;
  readonly clock: () => Date;
}): Promise<SourceStatus> {
  const { name, relay, hasMetrics, signal, clock } = options;
  const { openRelay } = await import('@bartizan/backends/hubble');
  const source = openRelay({ name, address: relay.address, tls: relay.tls, clock });
  const known = { signal: 'flows', kind: 'hubble', location: relay.address } as const;
  try {
    const { connectedNodes, unavailableNodes, version } = await source.status(signal);
    const found = version === null ? {} : { version };
    const all = (connectedNodes ?? 0) + unavailableNodes.length;
    if (unavailableNodes.length === 0 && connectedNodes !== 0)
      return { ...known, state: 'ok', ...found, ...(hasMetrics ? {} : { fix: fixes.metrics(name, version) }) };
    const missing = unavailableNodes.length === 0 ? '' : `; no answer from ${unavailableNodes.join(', ')}`;
    return {
      ...known,
      ...found,
      state: 'unreachable',
      reason: `Relay answers, but only for ${connectedNodes ?? 0} of ${all} nodes${missing}`,
    };
  } catch (error) {
    const state = stateOfFailure(error);
    const fix = state === 'unreachable' ? { fix: fixes.relayUnreachable(relay.address) } : {};
    return { ...known, state, reason: wordsOf(error), ...fix };
  } finally {
    await source.close();
  }
}

async function probePrometheus(
  options: NonNullable<Config['clusters'][number]['prometheus']>,
  cluster: Cluster | undefined,
  signal: AbortSignal,
): Promise<SourceStatus> {
  const { openPrometheus } = await import('@bartizan/backends/prometheus');
  await Promise.race([cluster?.synced, aborted(AbortSignal.any([signal, AbortSignal.timeout(namespacesWithinMs)]))]);
  const metrics = openPrometheus({ ...options, namespaces: () => namesOf(cluster) });
  const known = { signal: 'flows', kind: 'prometheus', location: placeOfUrl(options.url) } as const;
  try {
    const { isWell, ...found } = await metrics.check(signal);
    return { ...known, state: isWell ? 'ok' : 'misconfigured', ...found };
  } catch (error) {
    return { ...known, state: stateOfFailure(error), reason: wordsOf(error) };
  } finally {
    await metrics.close();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
