import { createContext, use, useEffect, useId } from 'react';

/** What stands typed in some field and is taken by none yet: saving waits for it. */
export interface OpenInputs {
  report(id: string, text: string | null): void;
}

export const OpenInputsContext = createContext<OpenInputs | null>(null);

/** Tells the editor of what is typed but not taken. */
export function useOpenInput(): (text: string | null) => void {
  const inputs = use(OpenInputsContext);
  const id = useId();
  useEffect(() => () => inputs?.report(id, null), [inputs, id]);
  return (text) => inputs?.report(id, text);
}
