import type { SourceStatus } from '@bartizan/api';
import type { FlowWriter } from '@bartizan/backends';
import type { FlowTail } from '@bartizan/backends/files';
import type { SourceHandle } from '@bartizan/server';
import type { Config } from '../config/config.ts';
import { fixes } from './source-fixes.ts';

/** Follows the files that Hubble's exporters write, of every cluster that has them, into the store. */
export async function followFlowLogs(options: {
  readonly config: Config;
  readonly clock: () => Date;
  readonly store: FlowWriter;
}): Promise<{ readonly handles: readonly SourceHandle[]; close(): Promise<void> }> {
  const { config, clock, store } = options;
  const { tailFlowLogs } = await import('@bartizan/backends/files');
  const stop = new AbortController();
  const followed = config.clusters.flatMap(({ name, flowLogs }) =>
    flowLogs
      ? [{ name, flowLogs, tail: tailFlowLogs({ source: name, files: flowLogs, store, clock, signal: stop.signal }) }]
      : [],
  );
  return {
    handles: followed.map(({ name, flowLogs, tail }) => ({
      signal: 'flows',
      name,
      covers: (setup) => setup.cluster === name,
      isCatchingUp: () => tail.isCatchingUp() && tail.status().state === 'ok',
      status: () => statusOf({ cluster: name, files: flowLogs, tail, now: clock() }),
    })),
    async close() {
      stop.abort(new Error('closing'));
      await Promise.all(followed.map(({ tail }) => tail.close()));
    },
  };
}

/** So long without an event, and the exporter may have stopped; it may also just be quiet. */
const staleMs = 15 * 60_000;

function statusOf(options: {
  readonly cluster: string;
  readonly files: readonly string[];
  readonly tail: FlowTail;
  readonly now: Date;
}): SourceStatus {
  const { state, reason, newestMs, malformed } = options.tail.status();
  const newest = newestMs === null ? null : new Date(newestMs).toISOString();
  const isStale = newestMs !== null && options.now.getTime() - newestMs > staleMs;
  const words = [
    ...(reason === null ? [] : [reason]),
    ...(isStale ? [`no event since ${newest}`] : []),
    ...(malformed === 0
      ? []
      : [`${malformed} ${malformed === 1 ? 'line' : 'lines'} could not be read since the start`]),
  ];
  return {
    signal: 'flows',
    kind: 'files',
    location: options.files.join(', '),
    newest,
    state,
    ...(words.length === 0 ? {} : { reason: words.join('; ') }),
    ...(state === 'ok' ? {} : { fix: fixes.flowLogs(options.cluster) }),
  };
}
