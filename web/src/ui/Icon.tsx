import type { ReactNode } from 'react';
import { iconShapes } from './icon-shapes.tsx';
import type { IconName } from './icon-shapes.tsx';

export type Tone = 'fine' | 'notice' | 'warning' | 'danger' | 'quiet';

/** A sign beside a word; never alone, so it is silent to screen readers. */
export function Icon({ name, tone }: { readonly name: IconName; readonly tone?: Tone }): ReactNode {
  return (
    <svg className={tone ? `ic ${tone}` : 'ic'} viewBox="0 0 16 16" aria-hidden="true">
      {iconShapes[name]}
    </svg>
  );
}
