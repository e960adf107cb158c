import type { ReactNode } from 'react';

/** The place of a text that is on its way. */
export function Bone({ width, height = 8 }: { readonly width: number | string; readonly height?: number }): ReactNode {
  return <span className="bone" style={{ width, height }} aria-hidden="true" />;
}
