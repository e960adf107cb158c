import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransactionList, WafStatistics } from '@bartizan/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openElasticsearch } from '@bartizan/backends/elasticsearch';
import type { StoredTransaction } from '@bartizan/backends';
import { describeTransactionReader } from '../backends/src/transaction-reader.suite.ts';
import { startConsole } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { manyDocuments } from './servers/many-documents.ts';
import { until } from './servers/process.ts';
import { searchEngineMissing, startSearchEngine } from './servers/search-engine.ts';
import type { EngineName, SearchEngine } from './servers/search-engine.ts';
import {
  answersOf,
  inDuckDb,
  seededFromMs,
  seededTransactions,
  withoutEngineMode,
} from './servers/seeded-transactions.ts';
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

/** Elasticsearch's are not among the modules that can be had. */
const dataStreams = { opensearch: ['logs-waf-default'], elasticsearch: [] } as const satisfies Readonly<
  Record<EngineName, readonly string[]>
>;

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

    test.each(dataStreams[name])(
      'the data stream %s is read under its own name, also after it rolled over',
      async (stream) => {
        await engine.ask('PUT', '/_index_template/waf', {
          index_patterns: ['logs-waf-*'],
          data_stream: {},
          template: { mappings: { properties: { '@timestamp': { type: 'date_nanos' } } } },
        });
        const given = seededTransactions(40);
        const documents = given.flatMap((each) => layouts['plain Filebeat'](each, stream));
        await engine.load(documents.slice(0, 30));
        await engine.ask('POST', `/${stream}/_rollover`);
        await engine.load(documents.slice(30));
        const options = { name: 'edge', url: engine.url, indices: [stream], attribute };
        const reader = openElasticsearch({ ...options, clock: () => new Date() });
        const files = await inDuckDb(given);
        expect(await answersOf(reader, given.length)).toEqual(await answersOf(files.reader, given.length));
        const window = { fromMs: seededFromMs, toMs: seededFromMs + 60_000 };
        const { items } = await reader.list({ window, scope: { kind: 'all' }, filter: [] }, { limit: 100 });
        for (const { id } of items) expect((await reader.find(id))?.id).toBe(id);
        await reader.close();
        await files.close();
        await engine.ask('DELETE', `/_data_stream/${stream}`);
      },
    );

    describe('the console on it', () => {
      const index = 'filebeat-many-2026.06.15';
      let folder: string;
      let console: RunningConsole;
      const window = `from=2026-06-15T00:00:00Z&to=2026-06-15T20:00:00Z`;
      const path = (what: string) => `/api/v1/environments/-/waf/${what}?${window}`;

      beforeAll(async () => {
        await engine.load(manyDocuments(index));
        folder = await mkdtemp(join(tmpdir(), 'bartizan-serve-'));
        const config = {
          listen: '127.0.0.1:0',
          clusters: [{ name: 'none', kubeconfig: 'none' }],
          firewalls: [{ name: 'edge', cluster: 'none', elasticsearch: { url: engine.url } }],
          environments: [{ id: 'shop', cluster: 'none', namespaces: ['shop'], hosts: ['shop.example'] }],
        };
        await writeFile(join(folder, 'bartizan.yaml'), JSON.stringify(config));
        console = await startConsole(['serve', '--config', join(folder, 'bartizan.yaml')]);
      });
      afterAll(async () => {
        await console?.stop();
        await rm(folder, { recursive: true, force: true });
      });

      test('counts beyond ten thousand are true, and add up', async () => {
        const statistics = await console.json<WafStatistics>(`${path('statistics')}&interval=1h`);
        expect(statistics).toMatchObject({ total: 65_432, anomalous: 31_000, blocked: 31_000, detected: 0 });
        expect(statistics.anomalousShare).toBeCloseTo(31_000 / 65_432, 12);
        const sum = (key: 'total' | 'anomalous') => statistics.buckets.reduce((all, each) => all + (each[key] ?? 0), 0);
        expect([statistics.buckets.length, sum('total'), sum('anomalous')]).toEqual([20, 65_432, 31_000]);
        expect(statistics.buckets[3]).toMatchObject({ start: '2026-06-15T03:00:00.000Z', total: 0, anomalous: 0 });
        expect(statistics.coverage).toMatchObject({ complete: true, gaps: [] });
      });

      test('the list has every record once', async () => {
        const seen = new Set<string>();
        let count = 0;
        let cursor: string | undefined;
        do {
          const more = cursor === undefined ? '' : `&cursor=${cursor}`;
          const page = await console.json<TransactionList>(
            `/api/v1/environments/-/waf/transactions?${window}&limit=1000${more}`,
          );
          for (const { id } of page.items) seen.add(id);
          count += page.items.length;
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect([count, seen.size]).toEqual([31_415, 31_415]);
      });

      test('an environment whose namespaces nothing tells has its records by host, and its requests are unknown', async () => {
        const statistics = await console.json<WafStatistics>(`/api/v1/environments/shop/waf/statistics?${window}`);
        expect(statistics).toMatchObject({ total: null, anomalous: 31_000, anomalousShare: null });
        expect(statistics.coverage.gaps.map(({ reason }) => reason).join()).toContain(
          'access lines tells whose they are',
        );
      });

      test('what comes in later is counted at once', async () => {
        const source = { '@timestamp': '2026-06-15T03:30:00.000Z', message: line('15/Jun/2026:03:30:00') };
        await engine.load([{ index, source }]);
        expect(await console.json(path('statistics'))).toMatchObject({ total: 65_433 });
      });

      test('an engine that hangs or is gone is named within three seconds, and comes back by itself', async () => {
        const asked = async () => {
          const started = performance.now();
          const { total, coverage } = await console.json<WafStatistics>(path('statistics'));
          return { total, gaps: coverage.gaps.map(({ reason }) => reason).join(), tookMs: performance.now() - started };
        };
        await new Promise((resolve) => setTimeout(resolve, 5500));
        engine.pause();
        const hanging = await asked();
        expect(hanging).toMatchObject({ total: null, gaps: expect.stringContaining('no answer within') });
        expect(hanging.tookMs).toBeLessThan(3000);
        engine.resume();
        await until('it is back', async () => ((await asked()).total === 65_433 ? true : undefined));
        await engine.stop();
        const gone = await asked();
        expect(gone).toMatchObject({ total: null, gaps: expect.stringContaining('ECONNREFUSED') });
        expect(gone.tookMs).toBeLessThan(3000);
        await engine.start();
        await until('it is back', async () => ((await asked()).total === 65_433 ? true : undefined));
      }, 240_000);
    });
  });
});

function line(time: string): string {
  return `203.0.113.7 - - [${time} +0000] "GET / HTTP/1.1" 200 9 "-" "a"`;
}
