import type { Cluster, FlowReader, FlowWriter, TransactionReader } from '@bartizan/backends';
import { collectFlows } from '@bartizan/server';
import type { TransactionStore } from '@bartizan/backends/duckdb';
import type { FlowCollector, SourceHandle } from '@bartizan/server';
import type { Config } from '../config/config.ts';
import { readsFiles } from '../config/firewalls.ts';
import { followFirewalls } from './follow-firewalls.ts';
import { followFlowLogs } from './follow-flow-logs.ts';
import { flowLimits, keptFlows } from './keep-flows.ts';
import { keepTransactions } from './keep-transactions.ts';
import { fixes } from './source-fixes.ts';

export interface History {
  readonly transactions: TransactionReader | null;
  readonly flows: FlowReader | null;
  readonly handles: readonly SourceHandle[];
  close(): Promise<void>;
}

interface Asked {
  readonly config: Config;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly clock: () => Date;
}

const nothing: History = {
  transactions: null,
  flows: null,
  handles: [],
  close: async () => {},
};

/** The embedded history, fed by the firewalls' logs, by Hubble Relay and by the files of Hubble's exporters; opened only where one of them is configured. */
export async function openHistory(asked: Asked): Promise<History> {
  const { config, clock } = asked;
  const hasFlows = config.clusters.some(({ relay, flowLogs }) => relay ?? flowLogs);
  const hasLogs = config.firewalls.some(readsFiles);
  if (!hasFlows && !hasLogs) return nothing;
  const { openDatabase, openFlowStore, openTransactionStore } = await import('@bartizan/backends/duckdb');
  const database = await openDatabase({ file: `${config.dataFolder}/history.duckdb` });
  const flows = hasFlows ? await openFlowStore(database, { clock, ...flowLimits(config.retention) }) : null;
  const transactions = hasLogs ? await openTransactionStore(database) : null;
  const parts = await Promise.all([
    ...(flows ? [followFlows(asked, flows)] : []),
    ...(transactions ? [followLogs(asked, transactions)] : []),
  ]);
  return {
    transactions,
    flows,
    handles: parts.flatMap(({ handles }) => handles),
    async close() {
      await Promise.all(parts.map(({ close }) => close()));
      await database.close();
    },
  };
}

type Part = Pick<History, 'handles' | 'close'>;

async function followFlows(asked: Asked, store: FlowReader & FlowWriter): Promise<Part> {
  const { config, clock } = asked;
  const parts = await Promise.all([collectRelays(asked, store), followFlowLogs({ config, clock, store })]);
  return {
    handles: parts
      .flatMap(({ handles }) => handles)
      .map((handle) => ({
        ...handle,
        status: () => ({ ...handle.status(), kept: keptFlows(store, config.retention) }),
      })),
    close: async () => void (await Promise.all(parts.map(({ close }) => close()))),
  };
}

async function followLogs(asked: Asked, store: TransactionStore): Promise<Part> {
  const kept = keepTransactions({ store, retention: asked.config.retention, clock: asked.clock });
  const followed = await followFirewalls({ ...asked, store });
  return {
    handles: followed.handles.map((handle) => ({
      ...handle,
      status: () => ({ ...handle.status(), stored: kept.stored() }),
    })),
    async close() {
      await Promise.all([kept.close(), followed.close()]);
    },
  };
}

async function collectRelays({ config, clock }: Asked, store: FlowWriter): Promise<Part> {
  const { openRelay } = await import('@bartizan/backends/hubble');
  const collectors = config.clusters.flatMap(({ name, relay, prometheus }) =>
    relay
      ? [
          {
            name,
            address: relay.address,
            hasMetrics: prometheus !== undefined,
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
    handles: collectors.map(relaySource),
    close: async () => void (await Promise.all(collectors.map(({ collector }) => collector.close()))),
  };
}

function relaySource({
  name,
  address,
  hasMetrics,
  collector,
}: {
  readonly name: string;
  readonly address: string;
  readonly hasMetrics: boolean;
  readonly collector: FlowCollector;
}): SourceHandle {
  return {
    signal: 'flows',
    name,
    covers: (setup) => setup.cluster === name,
    isCatchingUp: () => collector.isCatchingUp(),
    status() {
      const status = collector.status();
      if (status.state === 'unreachable') return { ...status, fix: fixes.relayUnreachable(address) };
      const isAll = status.state !== 'ok' || hasMetrics;
      return isAll ? status : { ...status, fix: fixes.metrics(name, status.version ?? null) };
    },
  };
}
