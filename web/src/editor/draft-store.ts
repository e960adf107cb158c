/** Unsaved work, kept in this browser so that a reload does not lose it. */
export interface StoredDraft {
  readonly text: string;
  /** What the cluster had when the work began. */
  readonly base: string;
  readonly etag: string | null;
  readonly savedAtMs: number;
}

/** The part of `localStorage` that is needed. */
export type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface DraftStore {
  read(): StoredDraft | null;
  /** Whether it could be kept: a browser may refuse, or be full. */
  write(draft: StoredDraft): boolean;
  clear(): void;
}

export function createDraftStore(open: () => Storage, key: string): DraftStore {
  const name = `bartizan.draft.${key}`;
  return {
    read() {
      try {
        return readDraft(JSON.parse(open().getItem(name) ?? 'null'));
      } catch {
        return null;
      }
    },
    write(draft) {
      try {
        open().setItem(name, JSON.stringify(draft));
        return true;
      } catch {
        return false;
      }
    },
    clear() {
      try {
        open().removeItem(name);
      } catch {
        // A browser that keeps nothing has nothing to clear.
      }
    },
  };
}

function readDraft(value: unknown): StoredDraft | null {
  if (typeof value !== 'object' || value === null) return null;
  const { text, base, etag, savedAtMs } = value as Partial<Record<keyof StoredDraft, unknown>>;
  if (typeof text !== 'string' || typeof base !== 'string' || typeof savedAtMs !== 'number') return null;
  return { text, base, etag: typeof etag === 'string' ? etag : null, savedAtMs };
}
