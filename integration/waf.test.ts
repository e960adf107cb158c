import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TransactionReader } from '@bartizan/backends';
import { openDatabase, openTransactionStore } from '@bartizan/backends/duckdb';
import { tailWafLogs } from '@bartizan/backends/files';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../cli/src/policy/run-command.suite.ts';
import { report } from '../cli/src/waf/report.ts';
import { attack, attacks, harmless } from './servers/attacks.ts';
import { until } from './servers/process.ts';
import { nginxMissing, startNginx } from './servers/nginx.ts';
import type { NginxServer } from './servers/nginx.ts';
import { countRaw, readJsonRecords, readNativeRecords } from './servers/raw-count.ts';
import type { RawCount, Tally } from './servers/raw-count.ts';

const dimensions = ['category', 'rule', 'client', 'path', 'method', 'status'] as const;
const ownRules = `SecRule ARGS:own "@streq log" "id:1002,phase:2,pass,log,msg:'seen'"`;
const modes = [
  { engine: 'On', auditFormat: 'JSON' },
  { engine: 'DetectionOnly', auditFormat: 'JSON' },
  { engine: 'On', auditFormat: 'Native' },
  { engine: 'DetectionOnly', auditFormat: 'Native' },
] as const;

function tallies(items: readonly { readonly value: string; readonly count: number; readonly anomalous: number }[]) {
  return Object.fromEntries(items.map(({ value, count, anomalous }) => [value, { count, anomalous }]));
}

function plain(counted: ReadonlyMap<string, Tally>) {
  return Object.fromEntries(counted);
}

describe.skipIf(nginxMissing !== null).each(modes)(
  `what ModSecurity in a real nginx wrote, $engine, $auditFormat (${nginxMissing ?? 'Debian'})`,
  ({ engine, auditFormat }) => {
    let folder: string;
    let server: NginxServer;
    let expected: RawCount;
    let closeStore: () => Promise<void>;
    let store: TransactionReader;
    let fromMs: number;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-waf-'));
      fromMs = Date.now() - 2000;
      server = await startNginx({ engine, auditFormat, rules: ownRules });
      const database = await openDatabase({ file: join(folder, 'events.duckdb') });
      const opened = await openTransactionStore(database);
      store = opened;
      const signal = new AbortController().signal;
      const logs = { auditFiles: [server.auditLog], accessFiles: [server.accessLog] };
      const tail = tailWafLogs({
        source: 'edge',
        ...logs,
        store: opened,
        attribute: () => 'shop',
        clock: () => new Date(),
        signal,
      });
      closeStore = async () => {
        await tail.close();
        await database.close();
      };
      await attack(server.port, [...attacks, ...harmless, { path: '/?own=log' }]);
      await server.stop();
      const records = auditFormat === 'JSON' ? readJsonRecords(server.auditLog) : readNativeRecords(server.auditLog);
      expected = countRaw(server.accessLog, records);
      await until('every line is stored', async () => {
        const { total } = await store.statistics(query());
        return (total ?? 0) >= expected.total ? true : undefined;
      });
    });

    afterAll(async () => {
      await closeStore?.();
      await server?.remove();
      await rm(folder, { recursive: true, force: true });
    });

    const query = () => ({
      window: { fromMs, toMs: Date.now() + 60_000 },
      scope: { kind: 'all' } as const,
      filter: [],
    });

    test('the attacks hit every category of the rule set, and the harmless requests did not', () => {
      const { total, records, blocked, detected } = expected;
      expect(total).toBe(attacks.length + harmless.length + 1);
      expect(records).toBeGreaterThan(200);
      expect(records).toBeLessThan(attacks.length);
      expect(engine === 'On' ? detected : blocked).toBe(0);
      const wanted = [
        'LFI',
        'RFI',
        'RCE',
        'PHP injection',
        'XSS',
        'SQLi',
        'session',
        'Java',
        'scanner',
        'protocol',
        'protocol attack',
        'generic injection',
        'leakage',
        'parser',
        'multipart',
        'custom',
      ];
      expect(wanted.filter((category) => !expected.by.category.has(category))).toEqual([]);
    });

    test('waf report gives the figures of an independent count', async () => {
      const { code, out } = await runCommand(report, [server.auditLog, '--access', server.accessLog, '-o', 'json']);
      expect(code).toBe(0);
      const counted = JSON.parse(out);
      const { by: _by, ...figures } = expected;
      const anomalous = expected.blocked + expected.detected;
      expect(counted).toMatchObject({ ...figures, anomalous, malformed: 0 });
      expect(counted.anomalousShare).toBeCloseTo(anomalous / expected.total, 12);
      for (const name of dimensions)
        expect({ name, ...tallies(counted.by[name]) }).toEqual({ name, ...plain(expected.by[name]) });
    });

    test('so do the statistics and the lists of the store that follows the logs', async () => {
      const { total, blocked, detected, matched } = expected;
      const statistics = await store.statistics(query());
      expect(statistics).toMatchObject({ total, blocked, detected, matched, anomalous: blocked + detected });
      expect(statistics.anomalousShare).toBeCloseTo((blocked + detected) / total, 12);
      const buckets = await store.buckets(query(), 10_000);
      const sum = (name: 'total' | 'anomalous' | 'blocked'): number =>
        buckets.reduce((all, bucket) => all + (bucket[name] ?? 0), 0);
      expect({ total: sum('total'), anomalous: sum('anomalous'), blocked: sum('blocked') }).toEqual({
        total,
        anomalous: blocked + detected,
        blocked,
      });
      for (const name of dimensions) {
        const { items } = await store.breakdown(query(), name, { limit: 1000 });
        expect({ name, ...tallies(items) }).toEqual({ name, ...plain(expected.by[name]) });
      }
    });

    test('no password, cookie or token of a request is kept', async () => {
      const filter = [{ field: 'path', negated: false, test: { kind: 'any-of', values: ['/login'] } }] as const;
      const { items } = await store.list({ ...query(), filter }, { limit: 1000 });
      const details = await Promise.all(items.map(({ id }) => store.find(id)));
      const text = JSON.stringify(details);
      expect(text).toContain('Bearer ***');
      expect(text).not.toMatch(/hunter2|abcdefgh|sid=abc/);
    });
  },
);
