import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openElasticsearch } from '@bartizan/backends/elasticsearch';
import type { StoredTransaction } from '@bartizan/backends';
import { describeTransactionReader } from '../backends/src/transaction-reader.suite.ts';
import { searchEngineMissing, startSearchEngine } from './servers/search-engine.ts';
import type { EngineName, SearchEngine } from './servers/search-engine.ts';
import { answersOf, inDuckDb, seededTransactions, withoutEngineMode } from './servers/seeded-transactions.ts';
import { layouts } from './servers/shipped.ts';

const attribute = (upstream: string | null): string | null => upstream?.split('-')[0] ?? null;

const described: Readonly<Record<keyof typeof layouts, string>> = {
  'plain Filebeat':
    'audit records: decoded at transaction; access lines: as text in message where log.file.path is /var/log/nginx/access.log',
  "GitLab's Filebeat":
    'audit records: decoded at transaction; access lines: as text in message where kubernetes.container.name is nginx-ingress-controller and stream is stdout',
  'Filebeat that decodes in place':
    'audit records: decoded at message.transaction; access lines: as text in message where kubernetes.container.name is nginx-ingress-controller and stream is stdout',
  "a site's own prefix":
    'audit records: decoded at waf_json.transaction; access lines: as text in message where event.dataset is nginx.ingress_controller',
  'text that nobody decoded': 'audit records: as text in message; access lines: as text in message',
  "Elastic's integrations":
    "audit records: by Elastic's integration; access lines: in ECS where event.dataset is nginx.access",
};

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

    test('it says which engine it is, and what is not there', async () => {
      const { reader, close } = await open([], 'plain Filebeat');
      expect(await reader.check()).toMatchObject({ kind: name, problem: 'no-audit', newest: null });
      expect(reader.kind).toBe(name);
      await close();
    });

    describe('the same data in every layout', () => {
      const given = seededTransactions(1500);
      let files: object;
      beforeAll(async () => {
        const { reader, close } = await inDuckDb(given);
        files = await answersOf(reader, given.length);
        await close();
      });

      test.each(Object.keys(layouts) as (keyof typeof layouts)[])('%s has the figures of the files', async (layout) => {
        const { reader, close } = await open(given, layout);
        const answers = await answersOf(reader, given.length);
        const { problem, layout: found } = await reader.check();
        expect(found).toBe(described[layout]);
        const isLossy = layout === "Elastic's integrations";
        expect(problem).toBe(isLossy ? 'no-engine-mode' : null);
        expect(isLossy ? withoutEngineMode(answers) : answers).toEqual(isLossy ? withoutEngineMode(files) : files);
        await close();
      });
    });
  });
});
