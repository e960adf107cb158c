import { memo, useMemo } from 'react';
import type { ReactNode } from 'react';
import { diffLines, withContext } from '../../diff/diff-lines.ts';
import { Diff } from '../../ui/Diff.tsx';

interface Props {
  readonly base: string | null;
  readonly draft: string;
  readonly version: string | null;
}

/** What would change in the cluster. */
export const DiffView = memo(function DiffView({ base, draft, version }: Props): ReactNode {
  const rows = useMemo(() => withContext(diffLines(base ?? '', draft)), [base, draft]);
  if (base === draft)
    return <p className="second">Nothing differs from the cluster{version && `, resourceVersion ${version}`}.</p>;
  return (
    <>
      <p className="small second">
        {base === null
          ? 'A new policy: there is none of this name in the cluster yet.'
          : `Draft against the cluster${version ? `, resourceVersion ${version}` : ''}. Comments, order and unknown fields stay as they are.`}
      </p>
      <Diff label="Diff to the cluster" rows={rows} />
    </>
  );
});
