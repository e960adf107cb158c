import type { ReactNode } from 'react';
import { Bone } from './Bone.tsx';

/** The place of a table that is on its way. */
export function TableBones({
  columns,
  rows = 8,
}: {
  readonly columns: readonly string[];
  readonly rows?: number;
}): ReactNode {
  return (
    <table className="tbl fixed bones-table" aria-busy="true">
      <caption className="sr">Loading</caption>
      <thead>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: rows }, (_, row) => (
          <tr key={row}>
            {columns.map((name, column) => (
              <td key={name}>
                <Bone width={`${45 + ((row * 7 + column * 13) % 40)}%`} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
