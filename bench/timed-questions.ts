import type { Database } from '@bartizan/backends/duckdb';
import type { FlowReader } from '@bartizan/backends';

const dayMs = 86_400_000;
const rounds = 7;

interface Asked {
  readonly store: FlowReader;
  readonly database: Database;
  readonly window: { readonly fromMs: number; readonly toMs: number };
  /** Also asks DuckDB itself, by hand, of the rows of whole events. */
  readonly withBareScan?: boolean;
}

/** What the pages about the network ask, of one day and of all, for a namespace and for all. */
export async function timedQuestions({ store, database, window, withBareScan = false }: Asked): Promise<void> {
  const day = { fromMs: window.toMs - dayMs, toMs: window.toMs };
  const team = { kind: 'namespaces', sources: ['prod'], namespaces: ['team-7'], hosts: [] } as const;
  const all = { kind: 'all' } as const;
  const nanos = (ms: number): string => `${BigInt(ms) * 1_000_000n}`;
  const inTeam = "(source_namespace = 'team-7' OR destination_namespace = 'team-7')";
  const bare = (columns: string, rest: string, { fromMs, toMs } = window): string =>
    `SELECT ${columns} FROM flows WHERE nanos >= ${nanos(fromMs)} AND nanos < ${nanos(toMs)} ${rest}`;
  const ask = (span: typeof day, scope: typeof team | typeof all) => ({ window: span, scope, filter: [] });
  const totals = 'verdict, count(*)';
  const pairs = "source_name || ' -> ' || destination_name AS pair, count(*) AS events";
  const byPair = 'GROUP BY pair ORDER BY events DESC LIMIT 20';
  const bucket = (ms: number): string => `nanos // ${ms}000000 AS start, count(*)`;
  const questions: readonly [string, () => Promise<unknown>, string][] = [
    [
      'statistics, a day, one namespace',
      () => store.statistics(ask(day, team)),
      bare(totals, `AND ${inTeam} GROUP BY verdict`, day),
    ],
    [
      'statistics, all days, one namespace',
      () => store.statistics(ask(window, team)),
      bare(totals, `AND ${inTeam} GROUP BY verdict`),
    ],
    ['statistics, all days, everything', () => store.statistics(ask(window, all)), bare(totals, 'GROUP BY verdict')],
    [
      'buckets, a day, one namespace',
      () => store.buckets(ask(day, team), 900_000),
      bare(bucket(900_000), `AND ${inTeam} GROUP BY start`, day),
    ],
    [
      'buckets, all days, everything',
      () => store.buckets(ask(window, all), 21_600_000),
      bare(bucket(21_600_000), 'GROUP BY start'),
    ],
    [
      'pairs, a day, one namespace',
      () => store.breakdown(ask(day, team), 'pair', { limit: 20 }),
      bare(pairs, `AND ${inTeam} ${byPair}`, day),
    ],
    [
      'pairs, all days, one namespace',
      () => store.breakdown(ask(window, team), 'pair', { limit: 20 }),
      bare(pairs, `AND ${inTeam} ${byPair}`),
    ],
    [
      'reasons, all days, everything',
      () => store.breakdown(ask(window, all), 'reason', { limit: 20 }),
      bare('reason, count(*)', 'GROUP BY reason'),
    ],
    [
      'ports, all days, one namespace',
      () => store.breakdown(ask(window, team), 'port', { limit: 20 }),
      bare('port, count(*)', `AND ${inTeam} GROUP BY port`),
    ],
    [
      'first page, all days, one namespace',
      () => store.list(ask(window, team), { limit: 100 }),
      bare('nanos, id', `AND ${inTeam} ORDER BY nanos DESC LIMIT 100`),
    ],
    [
      'first page, all days, everything',
      () => store.list(ask(window, all), { limit: 100 }),
      bare('nanos, id', 'ORDER BY nanos DESC LIMIT 100'),
    ],
  ];
  for (const [name, answer, sql] of questions) {
    const own = await median(answer);
    const scan = withBareScan ? await median(() => database.rows(sql, [])) : null;
    const beside =
      scan === null ? '' : `; DuckDB by hand ${scan.ms.toFixed(1)} ms: ${(own.ms / scan.ms).toFixed(2)} of it`;
    console.log(
      `${name.padEnd(38)} median ${own.ms.toFixed(1)} ms, worst ${own.worst.toFixed(1)} ms, processor ${own.processorMs.toFixed(1)} ms${beside}`,
    );
  }
}

async function median(work: () => Promise<unknown>) {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((left, right) => left - right);
  return {
    ms: times[Math.floor(rounds / 2)] ?? 0,
    worst: times.at(-1) ?? 0,
    processorMs: (user + system) / 1000 / rounds,
  };
}
