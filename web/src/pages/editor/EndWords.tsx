import type { ReactNode } from 'react';
import { readEnd } from '../../editor/end-words.ts';

/** One end of a connection: its namespace and kind step back behind its name. */
export function EndWords({ end }: { readonly end: string }): ReactNode {
  const { namespace, name, kind } = readEnd(end);
  return (
    <span title={kind === '' ? undefined : `${kind} ${end}`}>
      {namespace && <span className="quiet">{namespace}/</span>}
      {name}
    </span>
  );
}
