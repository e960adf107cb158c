import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { Tone } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';

interface Props {
  /** Why there is nothing. */
  readonly title: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** The place of something that is not there: why, and what to do. */
export function Blank({ title, icon, tone, children, actions }: Props): ReactNode {
  return (
    <div className="blank" role="status">
      <Icon name={icon} tone={tone} />
      <div>
        <p>
          <b>{title}</b>
        </p>
        {children && <div className="second">{children}</div>}
        {actions && <p className="acts">{actions}</p>}
      </div>
    </div>
  );
}
