import { printFilter } from '@bartizan/api';
import type { FirstSeenKind } from '@bartizan/api';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/register.ts';
import { flowCoverage, readFlowQuery } from './flows.ts';

/** So much history tells for every window what is usual. */
const enoughMs = 7 * 86_400_000;

const pairTerms = ([from = '', to = '']: readonly string[]) => [['pair', `${from} -> ${to}`]] as const;

const fields: Readonly<Record<FirstSeenKind, (parts: readonly string[]) => readonly (readonly [string, string])[]>> = {
  drop: (parts) => [...pairTerms(parts), ['verdict', 'DROPPED']],
  pair: pairTerms,
  name: ([name = '']) => [['name', name]],
  port: ([workload = '', port = '', protocol = '']) => [
    ['destination', workload],
    ['port', port],
    ['protocol', protocol],
  ],
};

/** What the window has for the first time; nothing is called new where the history cannot tell. */
export function firstSeenHandler(deps: Deps): Handlers['flowFirstSeen'] {
  return async ({ params, query: asked }) => {
    const { selection, query } = readFlowQuery(deps, params.env, asked);
    const coverage = await flowCoverage(deps, selection, query);
    const found = await deps.flows?.firstSeen(query, asked.limit);
    const oldestMs = found?.oldestMs ?? null;
    const { fromMs, toMs } = query.window;
    const isEnough = oldestMs !== null && oldestMs <= fromMs - Math.min(toMs - fromMs, enoughMs);
    const history = { since: oldestMs === null ? null : new Date(oldestMs).toISOString(), isEnough };
    if (!found || !isEnough)
      return { items: [], totals: { drop: null, pair: null, name: null, port: null }, history, coverage };
    const items = found.items.map(({ kind, value, parts, firstMs, count, dropped }) => ({
      kind,
      value,
      filter: filterOf(fields[kind](parts)),
      firstSeen: new Date(firstMs).toISOString(),
      count,
      dropped,
    }));
    return { items, totals: found.totals, history, coverage };
  };
}

function filterOf(terms: readonly (readonly [field: string, value: string])[]): string {
  return printFilter(
    terms.map(([field, value]) => ({ field, negated: false, test: { kind: 'any-of', values: [value] } })),
  );
}
