import { useEffect, useEffectEvent, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';

interface Props {
  /** What it is about, as words; what stands in its head may say more. */
  readonly label: string;
  readonly heading: ReactNode;
  readonly actions?: ReactNode;
  readonly footer?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A panel beside the page, which stays usable. Takes the focus, gives it back when it goes; Esc closes. */
export function Drawer({ label, heading, actions, footer, onClose, children }: Props): ReactNode {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      const back =
        before instanceof HTMLElement && before.isConnected ? before : document.querySelector<HTMLElement>('main');
      back?.focus();
    };
  }, []);
  const closeOnEscape = useEffectEvent((event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key === 'Escape' && !event.defaultPrevented && !isTyping) onClose();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => closeOnEscape(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <div className="drawer" role="dialog" aria-label={label} aria-describedby={id} tabIndex={-1} ref={panel}>
      <div className="drawer-head">
        <h2 id={id}>{heading}</h2>
        <span className="push" />
        {actions}
        <Button label="Close (Esc)" icon="x" iconOnly kind="ghost" onPress={onClose} />
      </div>
      <div className="drawer-body">{children}</div>
      {footer && <div className="drawer-foot">{footer}</div>}
    </div>
  );
}
