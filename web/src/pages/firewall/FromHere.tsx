import { printFilter } from '@bartizan/api';
import type { Answer } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { onlyValue } from '../../filter/filter-terms.ts';
import { formatCount } from '../../format/number.ts';
import { usePageSearch, useScene } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import { useObserved } from '../../queries/use-observed.ts';
import type { Scope } from '../../search.ts';
import { FlowsOfPod } from './FlowsOfPod.tsx';
import { scopedFilter, scopeTotal } from './scope.ts';

type Transaction = Answer<'transaction'>;

/** Where to go on: requests like it, from the same client, to the same path, and what the pod did that answered. */
export function FromHere({ transaction }: { readonly transaction: Transaction }): ReactNode {
  const { client, path, rules } = transaction;
  const search = carried(usePageSearch());
  return (
    <section>
      <h3>
        From here <span className="sub">in the window of this page</span>
      </h3>
      <ul className="go-list">
        {rules.length > 0 && (
          <Onward
            words="Transactions like this one"
            hint="same path, same rules"
            filter={likeThis(transaction)}
            scope="all"
          />
        )}
        <Onward words="Anomalous requests to the same path" filter={onlyValue('path', path)} scope="anomalous" />
        <Onward words={`Everything anomalous from ${client}`} filter={onlyValue('client', client)} scope="anomalous" />
        <Onward
          words="What it reached: requests from this address that went through"
          filter={onlyValue('client', client)}
          scope="detected"
        />
        <Onward words={`Every request of ${client}`} filter={onlyValue('client', client)} scope="all" />
        <FlowsOfPod transaction={transaction} />
        {(transaction.class === 'blocked' || transaction.class === 'detected') && rules.length > 0 && (
          <li>
            <Link href={paths.tuning({ ...search, filter: onlyValue('path', path) })}>
              <span>
                If this is ordinary traffic: what could be left out<span className="quiet">on this path</span>
              </span>
              <b>›</b>
            </Link>
          </li>
        )}
      </ul>
    </section>
  );
}

function likeThis({ path, rules }: Transaction): string {
  const term = (field: string, value: string) =>
    ({ field, negated: false, test: { kind: 'any-of', values: [value] } }) as const;
  return printFilter([term('path', path), ...rules.map(({ id }) => term('rule', id))]);
}

function Onward({
  words,
  hint,
  filter,
  scope,
}: {
  readonly words: string;
  readonly hint?: string;
  readonly filter: string;
  readonly scope: Scope;
}): ReactNode {
  const scene = useScene();
  const search = carried(usePageSearch());
  const { data } = useObserved('wafStatistics', scene, { filter: scopedFilter(filter, scope) });
  return (
    <li>
      <Link href={paths.firewall({ ...search, filter, ...(scope === 'anomalous' ? {} : { show: scope }) })}>
        <span>
          {words}
          {hint !== undefined && <span className="quiet">{hint}</span>}
        </span>
        <b>{data ? formatCount(scopeTotal(data, scope)) : '…'}</b>
      </Link>
    </li>
  );
}
