import { transactionFields } from '@bartizan/api';
import type { Coverage, WafTotals, Window } from '@bartizan/api';
import type { TransactionQuery, TransactionReader, WafBucket } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { badRequest, notFound } from '../http/problem.ts';
import type { Handlers } from '../http/register.ts';
import { clustersOf, selectEnvironment, sourcesOf, wafScope } from '../selection.ts';
import type { Selection } from '../selection.ts';
import { createGaps } from '../views/known-gaps.ts';
import { answeringPod } from '../views/answering-pod.ts';
import { coverageView } from '../views/coverage-view.ts';
import { previousTotals } from '../views/previous-view.ts';
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
      const { known, withGaps } = createGaps();
      const [totals, previous, buckets, coverage] = await Promise.all([
        known(reader?.statistics(query), unknown),
        known(previousTotals(reader && coveredBy(reader), query, unknown), unknown),
        known(reader?.buckets(query, interval.ms), reader ? unknownBuckets(query.window, interval.ms) : []),
        cover(scoped),
      ]);
      return {
        ...totals,
        previous,
        interval: interval.text,
        buckets: buckets.map(({ startMs, ...counts }) => ({ start: new Date(startMs).toISOString(), ...counts })),
        coverage: withGaps(coverage),
      };
    },

    async wafBreakdown({ params, query: asked }) {
      const scoped = ask(params.env, asked);
      const { known, withGaps } = createGaps();
      const [page, coverage] = await Promise.all([
        known(reader?.breakdown(scoped.query, asked.by, { limit: asked.limit, cursor: asked.cursor }), { items: [] }),
        cover(scoped),
      ]);
      return { ...page, items: [...page.items], coverage: withGaps(coverage) };
    },

    async transactions({ params, query: asked }) {
      const scoped = ask(params.env, asked);
      const { known, withGaps } = createGaps();
      const [page, coverage] = await Promise.all([
        known(reader?.list(scoped.query, { limit: asked.limit, cursor: asked.cursor }), { items: [] }),
        cover(scoped),
      ]);
      return { ...page, items: [...page.items], coverage: withGaps(coverage) };
    },

    async transaction({ params }) {
      const selection = selectEnvironment(deps, params.env);
      const found = await reader?.find(params.id);
      if (!found || !isInside(selection, found))
        throw notFound(`There is no transaction "${params.id}" in this environment, or it is no longer kept.`);
      return { ...found, answeredBy: answeringPod(clustersOf(deps, selection), found) };
    },
  };
}

function unknownBuckets({ fromMs, toMs }: Window, intervalMs: number): WafBucket[] {
  const buckets: WafBucket[] = [];
  for (let startMs = Math.floor(fromMs / intervalMs) * intervalMs; startMs < toMs; startMs += intervalMs)
    buckets.push({ startMs, total: null, anomalous: null, blocked: null });
  return buckets;
}

export function readWafQuery(deps: Deps, env: string, asked: Parameters<typeof readObservedQuery>[0]): Asked {
  const selection = selectEnvironment(deps, env);
  const { window, filter } = readObservedQuery(asked, { fields: transactionFields, nowMs: deps.clock().getTime() });
  const asksHistory = window.fromMs < 0;
  if (asksHistory) throw badRequest('The window begins before 1970.', 'bad-window');
  return { selection, query: { window, filter, scope: wafScope(selection) } };
}

export async function wafCoverage(deps: Deps, selection: Selection, window: Window): Promise<Coverage> {
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

function coveredBy(reader: TransactionReader) {
  return {
    statistics: (query: TransactionQuery) => reader.statistics(query),
    coverage: ({ window, scope }: TransactionQuery) => reader.coverage(window, scope),
  };
}
