import type { ReactNode } from 'react';

/** What scrolls must be reachable by keyboard (WCAG 2.1.1), though there is nothing in it to press. */
const reachable = { tabIndex: 0 };

/** A part of the page that scrolls by itself. */
export function ScrollRegion(props: {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div role="region" aria-label={props.label} className={props.className} {...reachable}>
      {props.children}
    </div>
  );
}
