import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openElasticsearch } from '@bartizan/backends/elasticsearch';
import type { StoredTransaction } from '@bartizan/backends';
import { describeTransactionReader } from '../backends/src/transaction-reader.suite.ts';
import { searchEngineMissing, startSearchEngine } from './servers/search-engine.ts';
import type { EngineName, SearchEngine } from './servers/search-engine.ts';
import { layouts } from './servers/shipped.ts';

const attribute = (upstream: string | null): string | null => upstream?.split('-')[0] ?? null;

describe.each<EngineName>(['opensearch', 'elasticsearch'])('%s', (name) => {
  const lacking = searchEngineMissing(name);

  describe.skipIf(lacking !== null)(`a real server (${lacking ?? 'started here'})`, () => {
    let engine: SearchEngine;
    let made = 0;
    beforeAll(async () => {
      engine = await startSearchEngine(name);
    });
    afterAll(async () => engine?.remove());

    async function open(transactions: readonly StoredTransaction[], layout: keyof typeof layouts) {
      const index = `filebeat-${(made += 1)}-2026.06.15`;
      await engine.load(transactions.flatMap((each) => layouts[layout](each, index)));
      const reader = openElasticsearch({
        name: 'edge',
        url: engine.url,
        indices: [`${index}*`],
        attribute,
        clock: () => new Date(),
      });
      return {
        reader,
        async close() {
          await reader.close();
          await engine.ask('DELETE', `/${index}*`);
        },
      };
    }

    describeTransactionReader('plain Filebeat', (transactions) => open(transactions, 'plain Filebeat'));

    test('it says which engine it is', async () => {
      const { reader, close } = await open([], 'plain Filebeat');
      expect(await reader.check()).toMatchObject({ kind: name, problem: 'no-audit' });
      expect(reader.kind).toBe(name);
      await close();
    });
  });
});
