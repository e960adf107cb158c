import { mkdir } from 'node:fs/promises';
import type { Cluster, FlowMetrics, FlowReader, StateStore, TransactionReader } from '@bartizan/backends';
import type { SourceHandle } from '@bartizan/server';
import { CommandError } from '../command.ts';
import { readsElasticsearch } from '../config/firewalls.ts';
import { metricsSource, missingSources, policySource } from './cluster-sources.ts';
import { openElasticsearchSource } from './open-elasticsearch.ts';
import { openHistory } from './open-history.ts';
import type { ConsoleOptions } from './start-console.ts';

export interface OpenedSources {
  readonly state: StateStore;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly ports: {
    readonly transactions: TransactionReader | null;
    readonly flows: FlowReader | null;
    readonly metrics: ReadonlyMap<string, FlowMetrics>;
  };
  readonly handles: readonly SourceHandle[];
  close(): Promise<void>;
}

/** Opens what the configuration names. An adapter is loaded only when its source is configured. */
export async function openSources(options: ConsoleOptions): Promise<OpenedSources> {
  const { config, clock } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  await mkdir(config.dataFolder, { recursive: true }).catch((error: unknown) => {
    throw new CommandError(
      `dataFolder: ${config.dataFolder} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const [state, clusters] = await Promise.all([openStateFile(config.dataFolder), openClusters(options, signal)]);
  const metrics = await openMetrics(options, clusters);
  const history = await openHistory({ config, clusters, clock });
  const firewall = config.firewalls.find(readsElasticsearch);
  const inPlace = firewall
    ? await openElasticsearchSource({ firewall, cluster: clusters.get(firewall.cluster), clock })
    : null;
  const handles = [
    ...history.handles,
    ...(inPlace ? [inPlace.handle] : []),
    ...[...clusters.values()].map((cluster) =>
      policySource(
        cluster,
        config.clusters.find(({ name }) => name === cluster.name)?.context ?? 'the current context',
      ),
    ),
    ...[...metrics].map(([cluster, { url, port }]) => metricsSource({ cluster, url, metrics: port, clock, signal })),
    ...missingSources(config),
  ];
  return {
    state,
    clusters,
    ports: {
      transactions: history.transactions ?? inPlace?.transactions ?? null,
      flows: history.flows,
      metrics: new Map([...metrics].map(([name, { port }]) => [name, port])),
    },
    handles,
    async close() {
      stop.abort(new Error('closing'));
      await history.close();
      await inPlace?.close();
      await Promise.all([
        ...[...clusters.values()].map((cluster) => cluster.close()),
        ...[...metrics.values()].map(({ port }) => port.close()),
      ]);
      await state.close();
    },
  };
}

async function openStateFile(folder: string): Promise<StateStore> {
  const { openState } = await import('@bartizan/backends/state');
  return openState({ file: `${folder}/state.sqlite` });
}

async function openClusters(
  { config, clock, env }: ConsoleOptions,
  signal: AbortSignal,
): Promise<Map<string, Cluster>> {
  if (config.clusters.length === 0) return new Map();
  const { openCluster } = await import('@bartizan/backends/kubernetes');
  return new Map(
    config.clusters.map((cluster) => [
      cluster.name,
      openCluster({
        name: cluster.name,
        kubeconfig: cluster.kubeconfig ?? defaultKubeconfig(env),
        context: cluster.context,
        environment: env,
        namespaces: namespacesOf(config, cluster.name),
        signal,
        clock,
      }),
    ]),
  );
}

/** Read one by one where the account may not read the whole cluster. */
function namespacesOf(config: ConsoleOptions['config'], cluster: string): readonly string[] {
  const named = config.environments.filter((environment) => environment.cluster === cluster);
  return [...new Set(named.flatMap(({ namespaces }) => namespaces))];
}

/** As kubectl does: $KUBECONFIG, else the pod's service account, else ~/.kube/config. */
export function defaultKubeconfig(env: ConsoleOptions['env']): string | undefined {
  if (env['KUBECONFIG']) return env['KUBECONFIG'];
  return env['KUBERNETES_SERVICE_HOST'] || !env['HOME'] ? undefined : `${env['HOME']}/.kube/config`;
}

async function openMetrics(
  { config }: ConsoleOptions,
  clusters: ReadonlyMap<string, Cluster>,
): Promise<Map<string, { url: string; port: FlowMetrics }>> {
  const configured = config.clusters.flatMap(({ name, prometheus }) => (prometheus ? [{ name, prometheus }] : []));
  if (configured.length === 0) return new Map();
  const { openPrometheus } = await import('@bartizan/backends/prometheus');
  return new Map(
    configured.map(({ name, prometheus }) => {
      const namespaces = () => namesOf(clusters.get(name));
      return [name, { url: prometheus.url, port: openPrometheus({ ...prometheus, namespaces }) }];
    }),
  );
}

/** The namespaces that a cluster has, where it can be read. */
export function namesOf(cluster: Cluster | undefined): readonly string[] {
  return cluster?.list('Namespace').map(({ metadata }) => metadata.name) ?? [];
}
