import type { SourceStatus } from '@bartizan/api';
import type { Cluster, TransactionWriter } from '@bartizan/backends';
import type { Tail, TailStatus } from '@bartizan/backends/files';
import type { SourceHandle } from '@bartizan/server';
import { readTimeZone } from '@bartizan/waf';
import type { TimeZone } from '@bartizan/waf';
import { CommandError } from '../command.ts';
import type { Config } from '../config/config.ts';
import { readsFiles } from '../config/firewalls.ts';
import type { FirewallOfFiles } from '../config/firewalls.ts';
import { createAttribution } from './attribution.ts';
import { fixes } from './source-fixes.ts';

const longestWaitMs = 5000;

/** Follows the logs of every firewall into the store. */
export async function followFirewalls(options: {
  readonly config: Config;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly clock: () => Date;
  readonly store: TransactionWriter;
}): Promise<{ readonly handles: readonly SourceHandle[]; close(): Promise<void> }> {
  const { config, clusters, clock, store } = options;
  const { tailWafLogsInThread } = await import('@bartizan/backends/files');
  const stop = new AbortController();
  const followed = config.firewalls.filter(readsFiles).map((firewall) => {
    const cluster = clusters.get(firewall.cluster);
    const attribution = createAttribution(cluster);
    const timeZone = zoneOf(firewall);
    const start = (onRead: (isAllRead: boolean) => void): Tail =>
      tailWafLogsInThread({
        source: firewall.name,
        auditFiles: firewall.auditLogs,
        accessFiles: firewall.accessLogs ?? [],
        timeZone,
        store,
        attribute: ({ upstream }) => attribution(upstream),
        clock,
        signal: stop.signal,
        onProgress: ({ isCaughtUp }) => onRead(isCaughtUp),
      });
    return followFirewall({ firewall, start, whenKnown: cluster?.synced ?? Promise.resolve(), clock });
  });
  const [cluster, ...others] = clusters.values();
  const stopAttributing = cluster && others.length === 0 ? attributeLater(cluster, store) : noop;
  return {
    handles: followed.map(({ handle }) => handle),
    async close() {
      stopAttributing();
      stop.abort(new Error('closing'));
      await Promise.all(followed.map(({ close }) => close()));
    },
  };
}

const settleMs = 5000;

/** Services that become known later tell where earlier requests went. Of several clusters' Services it could not be told. */
function attributeLater(cluster: Cluster, store: TransactionWriter): () => void {
  const attribution = createAttribution(cluster);
  let timer: NodeJS.Timeout | undefined;
  const stop = cluster.onChange((kind) => {
    if (kind !== 'Service') return;
    clearTimeout(timer);
    // What could not be told now is told with the next change.
    timer = setTimeout(() => void store.reattribute(({ upstream }) => attribution(upstream)).catch(noop), settleMs);
    timer.unref();
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

function noop(): void {}

/** Reads a firewall's logs as soon as the Services are known that tell where a request went, or do not become known. */
function followFirewall(options: {
  readonly firewall: FirewallOfFiles;
  readonly start: (onRead: (isAllRead: boolean) => void) => Tail;
  readonly whenKnown: Promise<void>;
  readonly clock: () => Date;
}): { readonly handle: SourceHandle; close(): Promise<void> } {
  const { firewall, start, whenKnown, clock } = options;
  let tail: Tail | null = null;
  let isAllRead = false;
  let isClosed = false;
  void Promise.race([whenKnown, pause(longestWaitMs)]).then(() => {
    if (!isClosed) tail = start((now) => (isAllRead = now));
  });
  return {
    handle: {
      signal: 'waf',
      name: firewall.name,
      covers: (setup) => setup.firewalls.includes(firewall.name),
      isCatchingUp: () => !isAllRead && (tail?.status().state ?? 'ok') === 'ok',
      status: () => firewallStatus(firewall, tail?.status() ?? null, clock()),
    },
    async close() {
      isClosed = true;
      await tail?.close();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

function zoneOf({ name, timeZone }: FirewallOfFiles): TimeZone | null {
  if (timeZone === undefined) return null;
  const zone = readTimeZone(timeZone);
  if (!zone)
    throw new CommandError(
      `firewalls: ${name}: there is no time zone "${timeZone}"; write one like Europe/Berlin or +02:00`,
    );
  return zone;
}

/** A log without a record for so long is said to be stale; it may also just be quiet. */
const staleMs = 15 * 60_000;

function firewallStatus(firewall: FirewallOfFiles, tail: TailStatus | null, now: Date): SourceStatus {
  const newestMs = tail?.newestMs ?? null;
  const newest = newestMs === null ? null : new Date(newestMs).toISOString();
  const isStale = newestMs !== null && now.getTime() - newestMs > staleMs;
  const reason = tail?.reason ?? (isStale ? `no record since ${newest}` : null);
  const state = tail?.state ?? 'ok';
  return {
    signal: 'waf',
    kind: 'files',
    location: firewall.auditLogs.join(', '),
    newest,
    state,
    ...(reason === null ? {} : { reason }),
    ...(state === 'missing' ? { fix: fixes.waf(firewall.cluster) } : {}),
  };
}
