import { createContext, use, useEffect, useId } from 'react';

/** What stands typed in some field and is taken by none yet: saving waits for it. */
export interface OpenInputs {
  report(id: string, text: string | null): void;
}

export const OpenInputsContext = createContext<OpenInputs | null>(null);

/** Tells the editor of what is typed but not taken, as long as the field is shown. */
export function useOpenInput(text: string): void {
  const inputs = use(OpenInputsContext);
  const id = useId();
  useEffect(() => {
    if (text.trim() === '') return;
    inputs?.report(id, text);
    return () => inputs?.report(id, null);
  }, [inputs, id, text]);
}
