import { judgedOf, tune } from '@bartizan/waf';
import type { ClientTotals, JudgedTransaction, Tuning } from '@bartizan/waf';
import type { TransactionQuery, TransactionReader } from '@bartizan/backends';
import type { FilterTerm } from '@bartizan/api';
import type { Deps } from '../deps.ts';
import type { Handler } from '../http/register.ts';
import { createGaps } from '../views/known-gaps.ts';
import { readWafQuery, wafCoverage } from './waf.ts';

/** The newest are read: each of them whole, with its raw record. */
const mostExamined = 5000;
const clientsAsked = 1000;

const nothing: Tuning = { groups: [], groupCount: 0, examined: 0, complete: true, withoutRules: 0, chosen: null };

export function wafTuningHandler(deps: Deps): Handler<'wafTuning'> {
  return async ({ params, query: asked, signal }) => {
    const { selection, query } = readWafQuery(deps, params.env, asked);
    const chosen = (asked.exclude ?? '').split(',').filter((key) => key !== '');
    const { known, withGaps } = createGaps();
    const reader = deps.transactions;
    const [tuning, coverage] = await Promise.all([
      known(reader ? tuningOf(reader, query, { limit: asked.limit, chosen, signal }) : undefined, nothing),
      wafCoverage(deps, selection, query.window),
    ]);
    return { ...tuning, coverage: withGaps(coverage) };
  };
}

async function tuningOf(
  reader: TransactionReader,
  query: TransactionQuery,
  options: { readonly limit: number; readonly chosen: readonly string[]; readonly signal: AbortSignal },
): Promise<Tuning> {
  const { limit, chosen, signal } = options;
  const transactions: JudgedTransaction[] = [];
  let complete = true;
  for await (const detail of reader.details({ ...query, filter: [...query.filter, anyOf('class', ['anomalous'])] })) {
    signal.throwIfAborted();
    const judged = judgedOf(detail);
    if (transactions.length === mostExamined) complete = false;
    if (!complete) break;
    if (judged) transactions.push(judged);
  }
  const clients = await totalsOf(reader, query, [...new Set(transactions.map(({ client }) => client))]);
  return tune({ transactions, clients, complete, limit, chosen });
}

/** All that these clients sent, whatever the filter keeps of it. */
async function totalsOf(
  reader: TransactionReader,
  { window, scope }: TransactionQuery,
  clients: readonly string[],
): Promise<ReadonlyMap<string, ClientTotals>> {
  if (clients.length === 0) return new Map();
  const totals = await reader.statistics({ window, scope, filter: [] });
  const filter = [anyOf('client', clients.slice(0, clientsAsked))];
  const { items } = await reader.breakdown({ window, scope, filter }, 'client', { limit: clientsAsked });
  const hasRequests = totals.total !== null && reader.supports.join;
  return new Map(
    items.map(({ value, count, anomalous }) => [value, { requests: hasRequests ? count : null, anomalous }]),
  );
}

function anyOf(field: string, values: readonly string[]): FilterTerm {
  return { field, negated: false, test: { kind: 'any-of', values } };
}
