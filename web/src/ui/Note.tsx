import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';

interface Props {
  readonly tone: 'plain' | 'fine' | 'notice' | 'warning' | 'danger';
  /** The sentence that says it all; what follows explains. */
  readonly title: string;
  readonly icon?: IconName;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Read out when it appears. */
  readonly isLive?: boolean;
}

const icons = { plain: 'info', fine: 'ok', notice: 'info', warning: 'warn', danger: 'danger' } as const;

export function Note({ tone, title, icon, children, actions, isLive }: Props): ReactNode {
  return (
    <div className={tone === 'plain' ? 'note-box' : `note-box ${tone}`} role={isLive ? 'status' : undefined}>
      <Icon name={icon ?? icons[tone]} />
      <p>
        <b>{title}</b> {children}
      </p>
      {actions && <p className="acts">{actions}</p>}
    </div>
  );
}
