import type { ReactNode } from 'react';
import { Link } from '../components/Link.tsx';
import { carried, paths } from '../paths.ts';
import { Blank } from '../ui/Blank.tsx';
import { usePageSearch } from './scene-context.ts';

export function NotFound(): ReactNode {
  const search = usePageSearch();
  return (
    <>
      <div className="head">
        <h1>Not found</h1>
      </div>
      <Blank title="There is no such page." icon="warn" tone="warning">
        <Link className="go" href={paths.overview(carried(search))}>
          Go to the overview
        </Link>
      </Blank>
    </>
  );
}
