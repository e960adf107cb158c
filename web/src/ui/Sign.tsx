import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { Tone } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';

/** A state: icon and word together. */
export function Sign(props: {
  readonly icon: IconName;
  readonly tone: Tone | 'blocked' | 'dropped';
  readonly label: string;
  readonly title?: string;
}): ReactNode {
  return (
    <span className={`st ${props.tone}`} title={props.title}>
      <Icon name={props.icon} />
      {props.label}
    </span>
  );
}
