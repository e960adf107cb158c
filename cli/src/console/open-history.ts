import type { Cluster, FlowReader, FlowWriter, TransactionReader, TransactionWriter } from '@bartizan/backends';
import { parseDuration } from '@bartizan/api';
import type { SourceStatus } from '@bartizan/api';
import type { Tail, TailStatus } from '@bartizan/backends/files';
import { collectFlows } from '@bartizan/server';
import type { FlowCollector, SourceHandle } from '@bartizan/server';
import { readTimeZone } from '@bartizan/waf';
import type { TimeZone } from '@bartizan/waf';
import type { Logger } from 'pino';
import { CommandError } from '../command.ts';
import type { Config } from '../config/config.ts';
import { createAttribution } from './attribution.ts';
import { fixes } from './source-fixes.ts';

export interface History {
  readonly transactions: TransactionReader | null;
  readonly flows: FlowReader | null;
  readonly handles: readonly SourceHandle[];
  readonly caughtUp: Promise<void>;
  close(): Promise<void>;
}

interface Asked {
  readonly config: Config;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly clock: () => Date;
  readonly log: Logger;
}

const nothing: History = {
  transactions: null,
  flows: null,
  handles: [],
  caughtUp: Promise.resolve(),
  close: async () => {},
};

/** The embedded history, fed by the firewalls' logs and by Hubble Relay; opened only where one of them is configured. */
export async function openHistory(asked: Asked): Promise<History> {
  const { config, clock } = asked;
  const hasRelay = config.clusters.some(({ relay }) => relay);
  if (!hasRelay && config.firewalls.length === 0) return nothing;
  const { openDatabase, openFlowStore, openTransactionStore } = await import('@bartizan/backends/duckdb');
  const database = await openDatabase({ file: `${config.dataFolder}/history.duckdb` });
  const keepFlowsMs = parseDuration(config.retention.flows);
  const flows = hasRelay
    ? await openFlowStore(database, { clock, ...(keepFlowsMs === null ? {} : { keepMs: keepFlowsMs }) })
    : null;
  const transactions = config.firewalls.length > 0 ? await openTransactionStore(database) : null;
  const parts = await Promise.all([
    ...(flows ? [collectRelays(asked, flows)] : []),
    ...(transactions ? [tailFirewalls(asked, transactions)] : []),
  ]);
  return {
    transactions,
    flows,
    handles: parts.flatMap(({ handles }) => handles),
    caughtUp: Promise.all(parts.map(({ caughtUp }) => caughtUp)).then(() => undefined),
    async close() {
      await Promise.all(parts.map(({ close }) => close()));
      await database.close();
    },
  };
}

type Part = Pick<History, 'handles' | 'caughtUp' | 'close'>;

async function collectRelays({ config, clock }: Asked, store: FlowWriter): Promise<Part> {
  const { openRelay } = await import('@bartizan/backends/hubble');
  const collectors = config.clusters.flatMap(({ name, relay }) =>
    relay
      ? [
          {
            name,
            address: relay.address,
            collector: collectFlows({
              name,
              location: relay.address,
              source: openRelay({ name, address: relay.address, tls: relay.tls, clock, timeoutMs: 5000 }),
              store,
              clock,
            }),
          },
        ]
      : [],
  );
  return {
    handles: collectors.map(({ name, address, collector }) => relaySource(name, address, collector)),
    caughtUp: Promise.all(collectors.map(({ collector }) => collector.caughtUp)).then(() => undefined),
    close: async () => void (await Promise.all(collectors.map(({ collector }) => collector.close()))),
  };
}

function relaySource(name: string, address: string, collector: FlowCollector): SourceHandle {
  return {
    signal: 'flows',
    name,
    covers: (setup) => setup.cluster === name,
    isCatchingUp: () => collector.isCatchingUp(),
    status() {
      const status = collector.status();
      return status.state === 'unreachable' ? { ...status, fix: fixes.relayUnreachable(address) } : status;
    },
  };
}

async function tailFirewalls({ config, clusters, clock, log }: Asked, store: TransactionWriter): Promise<Part> {
  const { tailWafLogs } = await import('@bartizan/backends/files');
  const stop = new AbortController();
  const tails = config.firewalls.map((firewall) => {
    const cluster = clusters.get(firewall.cluster);
    const attribution = createAttribution(cluster);
    const timeZone = zoneOf(firewall);
    const start = () =>
      tailWafLogs({
        source: firewall.name,
        auditFiles: firewall.auditLogs,
        accessFiles: firewall.accessLogs ?? [],
        timeZone,
        store,
        attribute: ({ upstream }) => attribution(upstream),
        clock,
        signal: stop.signal,
        onProgress: (progress) => log.debug({ source: firewall.name, ...progress }, 'reading logs'),
      });
    return followFirewall({ firewall, start, whenKnown: cluster?.synced ?? Promise.resolve(), clock });
  });
  return {
    handles: tails.map(({ handle }) => handle),
    caughtUp: Promise.all(tails.map(({ caughtUp }) => caughtUp)).then(() => undefined),
    async close() {
      stop.abort(new Error('closing'));
      await Promise.all(tails.map(({ close }) => close()));
    },
  };
}

const longestWaitMs = 5000;

/** Reads a firewall's logs as soon as the Services are known that tell where a request went, or do not become known. */
function followFirewall(options: {
  readonly firewall: Config['firewalls'][number];
  readonly start: () => Tail;
  readonly whenKnown: Promise<void>;
  readonly clock: () => Date;
}): { readonly handle: SourceHandle; readonly caughtUp: Promise<void>; close(): Promise<void> } {
  const { firewall, start, whenKnown, clock } = options;
  let tail: Tail | null = null;
  let isCatchingUp = true;
  let isClosed = false;
  const caughtUp = Promise.race([whenKnown, pause(longestWaitMs)]).then(async () => {
    if (isClosed) return;
    tail = start();
    await tail.caughtUp.catch(() => undefined);
    isCatchingUp = false;
  });
  return {
    caughtUp,
    handle: {
      signal: 'waf',
      name: firewall.name,
      covers: (setup) => setup.firewalls.includes(firewall.name),
      isCatchingUp: () => isCatchingUp,
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

function zoneOf({ name, timeZone }: Config['firewalls'][number]): TimeZone | null {
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

function firewallStatus(firewall: Config['firewalls'][number], tail: TailStatus | null, now: Date): SourceStatus {
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
