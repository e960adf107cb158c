import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { usePageSearch } from '../../frame/scene-context.ts';
import { carried, paths } from '../../paths.ts';
import type { FirewallSearch } from '../../search.ts';

/** Figures of the requests, and what could be excluded: the filter goes along. */
export function FirewallViews(): ReactNode {
  const search = usePageSearch<FirewallSearch>();
  const kept = { ...carried(search), ...(search.filter === undefined ? {} : { filter: search.filter }) };
  const { pathname } = useLocation();
  const isTuning = pathname.endsWith('/tuning');
  return (
    <span className="seg" role="group" aria-label="View">
      <Link href={paths.firewall(kept)} isCurrent={!isTuning}>
        Statistics
      </Link>
      <Link href={paths.tuning(kept)} isCurrent={isTuning}>
        Tuning
      </Link>
    </span>
  );
}
