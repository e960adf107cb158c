import { layouts } from '../integration/servers/shipped.ts';
import type { SearchEngine } from '../integration/servers/search-engine.ts';
import { transactionBatches } from './fill-transactions.ts';
import type { Filling } from './fill-transactions.ts';

/** Fills an index as plain Filebeat does with the same logs. */
export async function fillSearchEngine(engine: SearchEngine, index: string, filling: Filling): Promise<void> {
  await engine.ask('PUT', `/${index}`, {
    settings: { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '-1' },
  });
  for (const { transactions } of transactionBatches(filling))
    await engine.load(
      transactions.flatMap(({ access, ...each }) =>
        layouts['plain Filebeat'](
          { ...each, access: access && { ...access, bytes: access.bytes.subarray(0, -1) } },
          index,
        ),
      ),
    );
  await engine.ask('POST', `/${index}/_forcemerge?max_num_segments=1`);
}
