import { layouts } from '../integration/servers/shipped.ts';
import type { Loaded, SearchEngine } from '../integration/servers/search-engine.ts';
import { transactionBatches } from './fill-transactions.ts';
import type { Filling } from './fill-transactions.ts';

const bulk = 5000;
const mostTries = 100;

/** Fills an index as plain Filebeat does with the same logs. */
export async function fillSearchEngine(engine: SearchEngine, index: string, filling: Filling): Promise<void> {
  const settings = { number_of_shards: 1, number_of_replicas: 0, refresh_interval: '-1' };
  await engine.ask('PUT', `/${index}`, { settings });
  for (const { transactions } of transactionBatches(filling)) {
    const documents = transactions.flatMap(({ access, ...each }) => {
      const line = access && { ...access, bytes: access.bytes.subarray(0, -1) };
      return layouts['plain Filebeat']({ ...each, access: line }, index);
    });
    for (let from = 0; from < documents.length; from += bulk) await load(engine, documents.slice(from, from + bulk));
  }
}

/** What its small heap has no room for now it refuses as a whole. */
async function load(engine: SearchEngine, documents: readonly Loaded[]): Promise<void> {
  for (let tries = 1; ; tries += 1)
    try {
      return await engine.load(documents);
    } catch (error) {
      if (tries === mostTries || !String(error).includes('circuit_breaking_exception')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
}
