import { printFilter } from '@bartizan/api';
import type { FirstSeenKind, Window } from '@bartizan/api';
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

/** Less of a window is not worth telling what is new in it. */
const leastMs = 60_000;

/**
 * From when on a history tells what is new: as long before as the time that it is told of. Where it began too late for all of
 * the window, for the half of what it has; null where that is next to nothing.
 */
function tellsFrom({ fromMs, toMs }: Window, oldestMs: number | null): number | null {
  if (oldestMs === null) return null;
  if (oldestMs <= fromMs - Math.min(toMs - fromMs, enoughMs)) return fromMs;
  const halfMs = Math.ceil(oldestMs + (toMs - oldestMs) / 2);
  const toldMs = Math.max(fromMs, Math.min(halfMs, oldestMs + enoughMs));
  return toMs - toldMs < leastMs ? null : toldMs;
}

/** What the window has for the first time; nothing is called new where the history cannot tell. */
export function firstSeenHandler(deps: Deps): Handlers['flowFirstSeen'] {
  return async ({ params, query: asked }) => {
    const { selection, query } = readFlowQuery(deps, params.env, asked);
    const coverage = await flowCoverage(deps, selection, query);
    const { window } = query;
    const found = await deps.flows?.firstSeen(
      { ...query, tellsFrom: (oldestMs) => tellsFrom(window, oldestMs) },
      asked.limit,
    );
    const oldestMs = found?.oldestMs ?? null;
    const toldMs = tellsFrom(window, oldestMs);
    const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
    const history = { since: timeOf(oldestMs), tellsFrom: timeOf(toldMs), isEnough: toldMs === window.fromMs };
    if (!found || toldMs === null)
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
