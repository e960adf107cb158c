import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Link } from '../../components/Link.tsx';
import { usePageSearch } from '../../frame/scene-context.ts';
import { networkViewOf, paths } from '../../paths.ts';
import type { NetworkSearch } from '../../search.ts';

/** Statistics and records of the same flows: the filter goes along. */
export function NetworkViews(): ReactNode {
  const search = usePageSearch<NetworkSearch>();
  const { pathname } = useLocation();
  const isFlows = networkViewOf(pathname) === 'flows';
  return (
    <span className="seg" role="group" aria-label="View">
      <Link href={paths.network(search)} isCurrent={!isFlows}>
        Statistics
      </Link>
      <Link href={paths.flows(search)} isCurrent={isFlows}>
        Flows
      </Link>
    </span>
  );
}
