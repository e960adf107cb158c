import { useEffect, useState } from 'react';
import type { DraftStore } from '../../editor/draft-store.ts';

/** Keeps unsaved work in this browser while there is any; tells since when, and whether that works. */
export function useDraft(
  store: DraftStore,
  draft: { readonly text: string; readonly base: string; readonly etag: string | null; readonly isDirty: boolean },
): { readonly keptAtMs: number | null; readonly isKept: boolean } {
  const { text, base, etag, isDirty } = draft;
  const [kept, setKept] = useState<{ keptAtMs: number | null; isKept: boolean }>({ keptAtMs: null, isKept: true });
  useEffect(() => {
    const timer = setTimeout(() => {
      if (!isDirty) {
        store.clear();
        setKept({ keptAtMs: null, isKept: true });
        return;
      }
      const savedAtMs = Date.now();
      const isKept = store.write({ text, base, etag, savedAtMs });
      setKept({ keptAtMs: isKept ? savedAtMs : null, isKept });
    }, 250);
    return () => clearTimeout(timer);
  }, [store, text, base, etag, isDirty]);
  return kept;
}
