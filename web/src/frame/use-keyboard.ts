import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useOpen } from '../components/Link.tsx';
import { nextRow } from './keyboard-rows.ts';
import { railLinks } from './rail-links.ts';
import { usePageSearch } from './scene-context.ts';

interface Options {
  readonly onPalette: () => void;
  readonly onKeys: () => void;
}

const jumpWithinMs = 1200;

/** `/` search, `?` keys, `g` and a letter, `j` and `k`, Ctrl-K. */
export function useKeyboard(options: Options): void {
  const { pathname } = useLocation();
  const search = usePageSearch();
  const open = useOpen();
  const handle = useRef<(event: KeyboardEvent) => void>(() => undefined);
  const jumpUntil = useRef(0);
  useEffect(() => {
    handle.current = (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        options.onPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (event.timeStamp < jumpUntil.current) {
        jumpUntil.current = 0;
        const link = railLinks(pathname, search).find(({ key }) => key === event.key);
        if (link) open(link.href);
        return;
      }
      switch (event.key) {
        case 'g':
          jumpUntil.current = event.timeStamp + jumpWithinMs;
          return;
        case '/':
          event.preventDefault();
          document.querySelector<HTMLInputElement>('main [data-search]')?.focus();
          return;
        case '?':
          options.onKeys();
          return;
        case 'j':
          nextRow(document, 1)?.focus();
          return;
        case 'k':
          nextRow(document, -1)?.focus();
          return;
        default:
      }
    };
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handle.current(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
