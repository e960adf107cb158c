import { useMemo, useState } from 'react';
import type { OpenInputs } from './open-inputs.ts';

/** Collects what stands typed in the fields of an editor. */
export function useOpenInputs(): { readonly inputs: OpenInputs; readonly openInput: string | null } {
  const [open, setOpen] = useState<ReadonlyMap<string, string>>(new Map());
  const inputs = useMemo<OpenInputs>(
    () => ({
      report: (id, text) =>
        setOpen((before) => {
          if (text === null && !before.has(id)) return before;
          const after = new Map(before);
          if (text === null) after.delete(id);
          else after.set(id, text);
          return after;
        }),
    }),
    [],
  );
  return { inputs, openInput: [...open.values()][0] ?? null };
}
