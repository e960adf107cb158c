import type { ReactNode } from 'react';
import { entityWords } from './reasons.ts';

/** One end of a flow: namespace quiet, workload plain, addresses in a machine's writing. */
export function EndName({ name }: { readonly name: string }): ReactNode {
  const slash = name.indexOf('/');
  if (slash > 0 && !/^[\d.:a-f]+\/\d+$/i.test(name))
    return (
      <span>
        <span className="quiet">{name.slice(0, slash + 1)}</span>
        {name.slice(slash + 1)}
      </span>
    );
  return /^[\d.]+$|:/.test(name) ? <code>{name}</code> : entityWords(name);
}
