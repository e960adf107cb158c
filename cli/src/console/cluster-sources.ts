import type { SourceStatus } from '@bartizan/api';
import { stateOfFailure } from '@bartizan/backends';
import type { Cluster, FlowMetrics, WatchedKind } from '@bartizan/backends';
import type { SourceHandle } from '@bartizan/server';
import type { Config } from '../config/config.ts';
import { placeOfUrl } from './place-of-url.ts';
import { fixes } from './source-fixes.ts';

const kinds: readonly WatchedKind[] = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'Pod',
  'Namespace',
  'Service',
];

/** Policies come from the API server: ok as soon as one kind of policy can be read; what cannot be is said. */
export function policySource(cluster: Cluster, location: string): SourceHandle {
  return {
    signal: 'policies',
    name: cluster.name,
    covers: (setup) => setup.cluster === cluster.name,
    status: () => ({ signal: 'policies', kind: 'kubernetes', location, ...clusterState(cluster) }),
  };
}

function clusterState(cluster: Cluster): Pick<SourceStatus, 'state' | 'reason' | 'fix' | 'since'> {
  const watched = kinds.map((kind) => ({ kind, watch: cluster.state(kind) }));
  const connecting = watched.filter(({ watch }) => watch.state === 'connecting');
  if (connecting.length === kinds.length) return { state: 'unreachable', reason: 'not connected yet' };
  const broken = watched.flatMap(({ kind, watch }) =>
    watch.state === 'forbidden' || watch.state === 'unreachable' || watch.state === 'missing'
      ? [{ kind, ...watch }]
      : [],
  );
  const worst =
    broken.find(({ state }) => state === 'unreachable') ?? broken.find(({ state }) => state === 'forbidden');
  if (!worst) {
    const absent = broken.map(({ kind }) => kind);
    return absent.length === 0
      ? { state: 'ok' }
      : { state: 'ok', reason: `not installed in this cluster: ${absent.join(', ')}` };
  }
  const affected = broken.filter(({ state }) => state === worst.state).map(({ kind }) => kind);
  return {
    state: worst.state,
    reason: `${affected.join(', ')}: ${worst.reason}`,
    since: new Date(worst.sinceMs).toISOString(),
    ...(worst.state === 'forbidden' ? { fix: fixes.policies() } : {}),
  };
}

/** A place where nothing is configured: said in words, with the lines to add. */
function missingSource(options: {
  readonly signal: 'waf' | 'flows';
  readonly name: string;
  readonly covers: SourceHandle['covers'];
  readonly cluster: string;
}): SourceHandle {
  const { signal, name, covers, cluster } = options;
  const reason =
    signal === 'waf'
      ? 'no firewall log is configured'
      : "neither Hubble Relay, nor files of Hubble's exporter, nor Prometheus is configured";
  return {
    signal,
    name,
    covers,
    status: () => ({ signal, kind: 'none', state: 'missing', reason, fix: fixes[signal](cluster) }),
  };
}

/** What is configured nowhere has its place too. */
export function missingSources(config: Config): SourceHandle[] {
  const withoutFlows = config.clusters.filter(({ relay, flowLogs, prometheus }) => !relay && !flowLogs && !prometheus);
  return [
    ...withoutFlows.map(({ name }) =>
      missingSource({ signal: 'flows', name, cluster: name, covers: (setup) => setup.cluster === name }),
    ),
    ...config.clusters.map(({ name }) =>
      missingSource({
        signal: 'waf',
        name,
        cluster: name,
        covers: (setup) => setup.cluster === name && setup.firewalls.length === 0,
      }),
    ),
  ];
}

const checkEveryMs = 20_000;

/** Prometheus is asked only when somebody asks us, so its state is looked up from time to time. */
export function metricsSource(options: {
  readonly cluster: string;
  readonly url: string;
  readonly metrics: FlowMetrics;
  readonly clock: () => Date;
  readonly signal: AbortSignal;
}): SourceHandle {
  const { cluster, url, metrics, clock, signal } = options;
  let known: Pick<SourceStatus, 'state' | 'reason' | 'fix' | 'since'> = {
    state: 'unreachable',
    reason: 'not asked yet',
  };
  const sinceOf = (state: SourceStatus['state'], nowIso: string): string =>
    known.state === state ? (known.since ?? nowIso) : nowIso;
  async function check(): Promise<void> {
    const since = clock().toISOString();
    try {
      const { isWell, ...found } = await metrics.check(AbortSignal.any([signal, AbortSignal.timeout(10_000)]));
      known = isWell
        ? { state: 'ok', ...found }
        : { state: 'misconfigured', ...found, since: sinceOf('misconfigured', since) };
    } catch (error) {
      const state = stateOfFailure(error);
      known = { state, reason: error instanceof Error ? error.message : String(error), since: sinceOf(state, since) };
    }
  }
  void check();
  const timer = setInterval(() => void check(), checkEveryMs);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    signal: 'flows',
    name: 'prometheus',
    covers: (setup) => setup.cluster === cluster,
    status: () => ({ signal: 'flows', kind: 'prometheus', location: placeOfUrl(url), ...known }),
  };
}
