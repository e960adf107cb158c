import { previousWindow, transactionFields } from '@bartizan/api';
import type { Coverage, WafTotals, Window } from '@bartizan/api';
import type { TransactionQuery, TransactionReader } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { badRequest, notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { selectEnvironment, sourcesOf, wafScope } from '../selection.ts';
import type { Selection } from '../selection.ts';
import { coverageView } from '../views/coverage-view.ts';
import { reachesBack } from '../views/previous-view.ts';
import { readInterval, readObservedQuery } from './observed-query.ts';

const unknown: WafTotals = {
  total: null,
  anomalous: null,
  anomalousShare: null,
  blocked: null,
  detected: null,
  matched: null,
};

interface Asked {
  readonly selection: Selection;
  readonly query: TransactionQuery;
}

export function wafHandlers(
  deps: Deps,
): Pick<Handlers, 'wafStatistics' | 'wafBreakdown' | 'transactions' | 'transaction'> {
  const reader = deps.transactions;
  const ask = (env: string, asked: Parameters<typeof readObservedQuery>[0]): Asked => readWafQuery(deps, env, asked);
  const cover = ({ selection, query }: Asked): Promise<Coverage> => wafCoverage(deps, selection, query.window);

  return {
    async wafStatistics({ params, query: asked }) {
      const scoped = ask(params.env, asked);
      const { query } = scoped;
      const interval = readInterval(asked.interval, query.window);
      const [totals, previous, buckets, coverage] = await Promise.all([
        reader?.statistics(query) ?? unknown,
        previousTotals(reader, query),
        reader?.buckets(query, interval.ms) ?? [],
        cover(scoped),
      ]);
      return {
        ...totals,
        previous,
        interval: interval.text,
        buckets: buckets.map(({ startMs, ...counts }) => ({ start: new Date(startMs).toISOString(), ...counts })),
        coverage,
      };
    },

    async wafBreakdown({ params, query: asked }) {
      const scoped = ask(params.env, asked);
      const [page, coverage] = await Promise.all([
        reader?.breakdown(scoped.query, asked.by, { limit: asked.limit, cursor: asked.cursor }) ?? { items: [] },
        cover(scoped),
      ]);
      return { ...page, items: [...page.items], coverage };
    },

    async transactions({ params, query: asked }) {
      const scoped = ask(params.env, asked);
      const [page, coverage] = await Promise.all([
        reader?.list(scoped.query, { limit: asked.limit, cursor: asked.cursor }) ?? { items: [] },
        cover(scoped),
      ]);
      return { ...page, items: [...page.items], coverage };
    },

    async transaction({ params }) {
      const selection = selectEnvironment(deps, params.env);
      const found = await reader?.find(params.id);
      if (!found || !isInside(selection, found))
        throw notFound(`There is no transaction "${params.id}" in this environment, or it is no longer kept.`);
      return found;
    },
  };
}

async function previousTotals(reader: TransactionReader | null, query: TransactionQuery): Promise<WafTotals> {
  if (!reader) return unknown;
  const before = { ...query, window: previousWindow(query.window) };
  const [totals, coverage] = await Promise.all([
    reader.statistics(before),
    reader.coverage(before.window, before.scope),
  ]);
  return reachesBack(coverage) ? totals : unknown;
}

export function readWafQuery(deps: Deps, env: string, asked: Parameters<typeof readObservedQuery>[0]): Asked {
  const selection = selectEnvironment(deps, env);
  const { window, filter } = readObservedQuery(asked, { fields: transactionFields, nowMs: deps.clock().getTime() });
  const asksHistory = window.fromMs < 0;
  if (asksHistory) throw badRequest('The window begins before 1970.', 'bad-window');
  return { selection, query: { window, filter, scope: wafScope(selection) } };
}

async function wafCoverage(deps: Deps, selection: Selection, window: Window): Promise<Coverage> {
  const stored = (await deps.transactions?.coverage(window, wafScope(selection))) ?? null;
  return coverageView({ window, signal: 'waf', stored, sources: sourcesOf(deps, selection, 'waf') });
}

function isInside(selection: Selection, { namespace, host }: { namespace: string | null; host: string }): boolean {
  if (selection.isAll) return true;
  return (
    (namespace !== null && selection.namespaces.includes(namespace)) ||
    selection.setups.some((setup) => setup.hosts.includes(host))
  );
}
