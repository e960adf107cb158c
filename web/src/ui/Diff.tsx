import type { ReactNode } from 'react';
import type { DiffRow } from '../diff/diff-lines.ts';
import { YamlLine } from './Code.tsx';
import { ScrollRegion } from './ScrollRegion.tsx';

const classes = { same: undefined, added: 'add', removed: 'del' } as const;
const words = { same: '', added: 'added: ', removed: 'removed: ' } as const;

/** What changes in a text, line by line; the sign is read out too. */
export function Diff({ label, rows }: { readonly label: string; readonly rows: readonly DiffRow[] }): ReactNode {
  return (
    <ScrollRegion label={label} className="code diff">
      <ol>
        {rows.map((row, at) =>
          row.kind === 'skipped' ? (
            <li key={at} className="at">
              {`${row.count} ${row.count === 1 ? 'line' : 'lines'} unchanged`}
            </li>
          ) : (
            <li key={at} className={classes[row.kind]}>
              {row.kind !== 'same' && <span className="sr">{words[row.kind]}</span>}
              <YamlLine line={row.text} />
            </li>
          ),
        )}
      </ol>
    </ScrollRegion>
  );
}
