import { chooseInterval, FlowDimension, parseDuration, previousWindow } from '@bartizan/api';
import type { FilterTerm, Window } from '@bartizan/api';
import type { Database } from '@bartizan/backends/duckdb';
import type { FlowQuery, FlowReader } from '@bartizan/backends';

const hourMs = 3_600_000;
const limitMs = 100;
const rounds = 5;

interface Asked {
  readonly store: FlowReader;
  readonly database: Database;
  /** Everything that is stored. */
  readonly window: Window;
}

type Ask = (query: FlowQuery) => Promise<unknown>;

/**
 * What the pages about the network ask, of an hour, a day and all of the time, for a namespace and for all, each of which ends in the
 * middle of an hour; beside DuckDB by hand. Medians in milliseconds; what takes longer than the limit is marked.
 */
export async function timedQuestions({ store, database, window }: Asked): Promise<void> {
  const toMs = window.toMs - 0.3 * hourMs;
  const windows = [hourMs, 24 * hourMs, toMs - window.fromMs - 0.4 * hourMs].map((ms) => ({ fromMs: toMs - ms, toMs }));
  const scopes = [
    { kind: 'namespaces', sources: ['prod'], namespaces: ['team-7'], hosts: [] },
    { kind: 'all' },
  ] as const;
  const places = scopes.flatMap((scope) => windows.map((span) => ({ window: span, scope, filter: [] })));
  const [pair = ''] = await valuesOf(store, places[0], 'pair');
  const [name = ''] = await valuesOf(store, places[0], 'name');
  const questions: readonly (readonly [string, Ask])[] = [
    ['statistics', (query) => store.statistics(query)],
    ['statistics of the time before', (query) => store.statistics({ ...query, window: previousWindow(query.window) })],
    ['statistics of drops', (query) => store.statistics(withTerms(query, is('verdict', 'DROPPED')))],
    ['statistics of a pair', (query) => store.statistics(withTerms(query, is('pair', pair)))],
    ['statistics of a part of a name', (query) => store.statistics(withTerms(query, has('name', 'host-7')))],
    ['buckets', (query) => store.buckets(query, intervalOf(query.window))],
    [
      'buckets inbound',
      (query) => store.buckets(withTerms(query, is('direction', 'ingress')), intervalOf(query.window)),
    ],
    ...FlowDimension.options.map((by): readonly [string, Ask] => [
      `most frequent: ${by}`,
      (query) => store.breakdown(query, by, { limit: 50 }),
    ]),
    ...(['pair', 'reason', 'port'] as const).map((by): readonly [string, Ask] => [
      `dropped by ${by}`,
      (query) => store.breakdown(withTerms(query, is('verdict', 'DROPPED')), by, { limit: 9 }),
    ]),
    ['first seen', (query) => store.firstSeen(query, 8)],
    ['coverage', (query) => store.coverage(query, { intervalMs: intervalOf(query.window) })],
    ['first page', (query) => store.list(query, { limit: 100 })],
    ['eleventh page', (query) => laterPage(store, query)],
    ['first page, verdict', (query) => store.list(withTerms(query, is('verdict', 'DROPPED')), { limit: 100 })],
    ['first page, reason', (query) => store.list(withTerms(query, is('reason', 'POLICY_DENIED')), { limit: 100 })],
    ['first page, pair', (query) => store.list(withTerms(query, is('pair', pair)), { limit: 100 })],
    ['first page, port', (query) => store.list(withTerms(query, is('port', '6379')), { limit: 100 })],
    ['first page, name', (query) => store.list(withTerms(query, is('name', name)), { limit: 100 })],
    ['first page, a part of a pair', (query) => store.list(withTerms(query, has('pair', 'app-77 ')), { limit: 100 })],
    ['first page, nothing found', (query) => store.list(withTerms(query, has('pair', 'no-such')), { limit: 100 })],
    ['DuckDB by hand: verdicts', ({ window: span }) => database.rows(byHand, [span.fromMs, span.toMs].map(nanosOf))],
  ];
  console.log(
    `${''.padEnd(32)} ${['hour', 'day', 'all', 'hour', 'day', 'all'].map((text) => text.padStart(8)).join('')}`,
  );
  console.log(`${''.padEnd(32)} ${['namespace', 'everything'].map((text) => text.padStart(24)).join('')}`);
  let over = 0;
  for (const [title, ask] of questions) {
    const cells: string[] = [];
    for (const place of places) {
      const ms = await median(() => ask(place));
      if (ms > limitMs) over += 1;
      cells.push(`${ms.toFixed(1)}${ms > limitMs ? '!' : ''}`.padStart(8));
    }
    console.log(`${title.padEnd(32)} ${cells.join('')}`);
  }
  console.log(`${over} of ${questions.length * places.length} over ${limitMs} ms`);
}

const byHand = 'SELECT verdict, count(*) FROM flows WHERE nanos >= $1 AND nanos < $2 GROUP BY verdict';

function nanosOf(ms: number): bigint {
  return BigInt(Math.round(ms)) * 1_000_000n;
}

function intervalOf({ fromMs, toMs }: Window): number {
  return parseDuration(chooseInterval(toMs - fromMs)) ?? hourMs;
}

function is(field: string, ...values: string[]): FilterTerm {
  return { field, negated: false, test: { kind: 'any-of', values } };
}

function has(field: string, text: string): FilterTerm {
  return { field, negated: false, test: { kind: 'contains', text } };
}

function withTerms(query: FlowQuery, ...filter: readonly FilterTerm[]): FlowQuery {
  return { ...query, filter };
}

async function valuesOf(store: FlowReader, query: FlowQuery | undefined, by: FlowDimension): Promise<string[]> {
  const found = query === undefined ? { items: [] } : await store.breakdown(query, by, { limit: 3 });
  return found.items.map(({ value }) => value);
}

async function laterPage(store: FlowReader, query: FlowQuery): Promise<void> {
  let cursor: string | undefined;
  for (let page = 0; page < 2; page += 1) {
    const { nextCursor } = await store.list(query, {
      limit: page === 0 ? 1000 : 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    cursor = nextCursor;
    if (cursor === undefined) return;
  }
}

/** By processor time where others use the machine (`CPU=1`): of all threads together, so rather more than what is waited for. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [started, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push(process.env['CPU'] === undefined ? performance.now() - started : (user + system) / 1000);
  }
  return times.toSorted((left, right) => left - right)[rounds >> 1] ?? Number.NaN;
}
