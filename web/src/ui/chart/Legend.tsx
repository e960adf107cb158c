import type { ReactNode } from 'react';
import type { Mark } from './plot.ts';

export function Key({ mark }: { readonly mark: Mark | 'gap' }): ReactNode {
  return (
    <svg className="key" viewBox="0 0 14 10" aria-hidden="true">
      {keyShapes[mark]}
    </svg>
  );
}

const keyShapes: Readonly<Record<Mark | 'gap', ReactNode>> = {
  nominal: (
    <>
      <rect width="14" height="10" className="mass-nominal" />
      <rect width="14" height="2" className="edge-nominal" />
    </>
  ),
  detected: <rect width="14" height="10" className="mass-detected" />,
  blocked: <rect width="14" height="10" className="mass-blocked" />,
  forwarded: (
    <>
      <rect y="5" width="14" height="5" className="mass-forwarded" />
      <path d="M0 5h14" className="line line-forwarded" />
    </>
  ),
  dropped: (
    <>
      <rect y="5" width="14" height="5" className="mass-dropped" />
      <path d="M0 5h14" className="line line-dropped" />
    </>
  ),
  gap: <rect width="14" height="10" className="mass-gap" />,
};

export interface LegendItem {
  readonly mark: Mark | 'gap';
  readonly name: string;
  /** The total; under the cursor the value there. */
  readonly value: string;
}

export function Legend({ items }: { readonly items: readonly LegendItem[] }): ReactNode {
  return (
    <ul className="legend">
      {items.map(({ mark, name, value }) => (
        <li key={mark}>
          <Key mark={mark} />
          {name} <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}

/** The hatches that marks refer to; once in the document. */
export function Hatches(): ReactNode {
  return (
    <svg className="sprite" aria-hidden="true">
      <defs>
        <pattern id="p-detected" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="4" className="hatch-ground" />
          <rect width="2.4" height="4" className="hatch-detected" />
        </pattern>
        <pattern id="p-gap" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <rect width="1" height="5" className="hatch-gap" />
        </pattern>
      </defs>
    </svg>
  );
}
