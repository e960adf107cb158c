import { useEffect } from 'react';

const fallback = 'Bartizan';

/** What the browser's tab says while a page is open. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${fallback}`;
    return () => {
      document.title = fallback;
    };
  }, [title]);
}
