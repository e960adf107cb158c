import { parseDuration } from '@bartizan/api';
import type { SourceStatus } from '@bartizan/api';
import type { FlowReader } from '@bartizan/backends';
import type { Config } from '../config/config.ts';

type Retention = Config['retention'];

/** How the store keeps the history of flows. The configuration was checked: what is written there can be read. */
export function flowLimits({ flows, wholeFlows, flowsSize }: Retention): {
  readonly keepMs: number;
  readonly keepWholeMs: number;
  readonly mostBytes: number;
} {
  return {
    keepMs: parseDuration(flows) ?? 0,
    keepWholeMs: parseDuration(wholeFlows) ?? 0,
    mostBytes: Number.parseInt(flowsSize, 10) * (flowsSize.endsWith('GB') ? 1e9 : 1e6),
  };
}

/** What became of it, for whoever looks at the source. */
export function keptFlows(store: FlowReader, { flows, wholeFlows, flowsSize }: Retention): SourceStatus['kept'] {
  const { wholeSinceMs, countsSinceMs } = store.kept();
  const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    wholeSince: timeOf(wholeSinceMs),
    countsSince: timeOf(countsSinceMs),
    limits: { whole: wholeFlows, counts: flows, size: flowsSize },
  };
}
