import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface Props {
  /** From `paths.ts`. */
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string | undefined;
  readonly label?: string;
  readonly title?: string;
  readonly isCurrent?: boolean;
  /** Keeps the place on the page: for what opens beside it. */
  readonly keepsScroll?: boolean;
}

/** A link that changes the page without loading it anew; with a key held down it is the browser's. */
export function Link({ href, children, className, label, title, isCurrent, keepsScroll }: Props): ReactNode {
  const open = useOpen();
  const onClick = (event: MouseEvent) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    open(href, { keepsScroll: keepsScroll === true });
  };
  return (
    <a
      href={href}
      className={className}
      aria-label={label}
      title={title}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}

/** Goes to a URL from `paths.ts`. */
export function useOpen(): (href: string, options?: { readonly keepsScroll?: boolean }) => void {
  const router = useRouter();
  return (href, { keepsScroll = false } = {}) => {
    router.history.push(href, { __TSR_resetScroll: !keepsScroll });
  };
}
