import type { KeyboardEventHandler, MouseEvent, ReactNode, Ref } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './icon-shapes.tsx';

interface Props {
  /** What it does; shown, or read out where only the icon is shown. */
  readonly label: string;
  readonly onPress: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly icon?: IconName;
  readonly iconOnly?: boolean;
  readonly kind?: 'plain' | 'primary' | 'ghost';
  readonly small?: boolean;
  readonly pressed?: boolean;
  /** Why it cannot be used now. */
  readonly disabledBecause?: string | undefined;
  readonly className?: string;
  readonly opens?: 'dialog' | 'listbox' | 'menu';
  readonly isOpen?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly onKeyDown?: KeyboardEventHandler;
  readonly children?: ReactNode;
}

export function Button({ ref, ...props }: Props): ReactNode {
  const { label, onPress, icon, iconOnly, kind = 'plain', small, pressed, disabledBecause, opens, isOpen } = props;
  const classes = ['btn', kind !== 'plain' && kind, small && 'small', iconOnly && 'icon', props.className];
  const content = props.children ?? (iconOnly ? null : <span>{label}</span>);
  return (
    <button
      type="button"
      ref={ref}
      className={classes.filter(Boolean).join(' ')}
      onClick={onPress}
      onKeyDown={props.onKeyDown}
      disabled={disabledBecause !== undefined}
      title={disabledBecause ?? (iconOnly ? label : undefined)}
      aria-label={iconOnly || props.children ? label : undefined}
      aria-pressed={pressed}
      aria-haspopup={opens}
      aria-expanded={opens ? isOpen === true : undefined}
    >
      {icon && <Icon name={icon} />}
      {content}
      {opens && !iconOnly && <Icon name="down" />}
    </button>
  );
}
