import { chooseInterval, parseDuration, previousWindow } from '../api/src/index.ts';
import type { FilterTerm, WafDimension, Window } from '../api/src/index.ts';
import type { TransactionQuery, TransactionReader } from '../backends/src/index.ts';

export interface Question {
  readonly name: string;
  ask(reader: TransactionReader): Promise<unknown>;
}

const all = { kind: 'all' } as const;
const shop = { kind: 'namespaces', sources: ['edge'], namespaces: ['shop'], hosts: ['shop.example'] } as const;
const dimensions: readonly WafDimension[] = ['category', 'rule', 'client', 'path', 'host', 'method', 'status'];
const mostExamined = 5000;

function is(field: string, ...values: string[]): FilterTerm {
  return { field, negated: false, test: { kind: 'any-of', values } };
}

function contains(field: string, text: string): FilterTerm {
  return { field, negated: false, test: { kind: 'contains', text } };
}

const anomalous = is('class', 'anomalous');

/** What the Firewall page, its drawer and the page that tunes rules ask of a window, of one client, one path and one rule in it. */
export async function questionsOf(reader: TransactionReader, window: Window): Promise<readonly Question[]> {
  const query: TransactionQuery = { window, scope: all, filter: [] };
  const [first] = (await reader.list({ ...query, filter: [anomalous] }, { limit: 1 })).items;
  if (!first) throw new Error('no transaction is anomalous');
  const client = is('client', first.client);
  const path = is('path', first.path);
  const rule = is('rule', first.rules[0]?.id ?? '');
  const filters: readonly (readonly [string, readonly FilterTerm[]])[] = [
    ['anomalous', [anomalous]],
    ['one rule', [rule]],
    ['one client', [client]],
    ['one path', [path]],
    ['one status', [is('status', '404')]],
    ['text in the path', [contains('path', first.path.slice(3, -6))]],
    ['text that is nowhere', [contains('path', 'wp-login')]],
    ['one client, anomalous', [client, anomalous]],
    ['one path and rule', [path, rule]],
  ];
  const interval = parseDuration(chooseInterval(window.toMs - window.fromMs)) ?? 0;
  const statistics = (asked: TransactionQuery) => (one: TransactionReader) => one.statistics(asked);
  const buckets = (asked: TransactionQuery) => (one: TransactionReader) => one.buckets(asked, interval);
  const breakdown = (asked: TransactionQuery, by: WafDimension) => (one: TransactionReader) =>
    one.breakdown(asked, by, { limit: 9 });
  const list = (asked: TransactionQuery) => (one: TransactionReader) => one.list(asked, { limit: 100 });
  const scoped = { ...query, scope: shop };
  return [
    { name: 'statistics', ask: statistics(query) },
    { name: 'statistics of an environment', ask: statistics(scoped) },
    { name: 'statistics of the period before', ask: statistics({ ...query, window: previousWindow(window) }) },
    { name: 'buckets', ask: buckets(query) },
    { name: 'buckets of an environment', ask: buckets(scoped) },
    ...dimensions.flatMap((by): Question[] => [
      { name: `by ${by}, anomalous`, ask: breakdown({ ...query, filter: [anomalous] }, by) },
      { name: `by ${by}, all`, ask: breakdown(query, by) },
      { name: `by ${by}, all, of an environment`, ask: breakdown(scoped, by) },
      { name: `by ${by}, one path`, ask: breakdown({ ...query, filter: [path] }, by) },
    ]),
    { name: 'list, first page', ask: list(query) },
    { name: 'list of an environment, first page', ask: list(scoped) },
    ...filters.flatMap(([name, filter]): Question[] => [
      { name: `list, ${name}`, ask: list({ ...query, filter }) },
      { name: `statistics, ${name}`, ask: statistics({ ...query, filter }) },
      { name: `buckets, ${name}`, ask: buckets({ ...query, filter }) },
    ]),
    { name: 'coverage', ask: (one) => one.coverage(window, all) },
  ];
}

/** Those whose question depends on what the same reader has answered before. */
export async function followUpsOf(reader: TransactionReader, window: Window): Promise<readonly Question[]> {
  const query: TransactionQuery = { window, scope: all, filter: [anomalous] };
  let page = await reader.list(query, { limit: 100 });
  const id = page.items[50]?.id ?? '';
  for (let turned = 0; turned < 20; turned += 1)
    page = await reader.list(query, { limit: 100, cursor: page.nextCursor });
  const cursor = page.nextCursor;
  const clients = [...new Set(page.items.map(({ client }) => client))];
  return [
    { name: 'list, a later page, anomalous', ask: (one) => one.list(query, { limit: 100, cursor }) },
    { name: 'one transaction', ask: (one) => one.find(id) },
    {
      name: 'tuning: all that its clients sent',
      ask: (one) => one.breakdown({ ...query, filter: [is('client', ...clients)] }, 'client', { limit: 1000 }),
    },
    {
      name: `tuning: ${mostExamined} records`,
      async ask(one) {
        let read = 0;
        for await (const _ of one.details(query)) if ((read += 1) > mostExamined) return;
      },
    },
  ];
}
