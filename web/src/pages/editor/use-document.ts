import { useEffect, useReducer, useRef, useState } from 'react';
import type { ActionDispatch } from 'react';
import { changeDocument, nextThought, startDocument } from '../../editor/document-state.ts';
import type { DocumentAction, DocumentState, NextThought } from '../../editor/document-state.ts';
import type { Thinker } from '../../editor/thinker.ts';
import type { Reading } from '../../editor/thoughts.ts';

export interface OpenDocument {
  readonly state: DocumentState;
  readonly dispatch: ActionDispatch<[DocumentAction]>;
  /** Why the worker cannot think any more; the text can still be saved from the YAML. */
  readonly broken: string | null;
}

/** The text and what the worker makes of it: one question at a time, always about the newest state. */
export function useDocument(thinker: Thinker, start: Reading): OpenDocument {
  const [state, dispatch] = useReducer(changeDocument, start, startDocument);
  const [broken, setBroken] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const isBusy = useRef(false);
  useEffect(() => {
    const next = nextThought(state);
    if (!next || isBusy.current || broken !== null) return;
    isBusy.current = true;
    think(thinker, next)
      .then(dispatch)
      .catch((error: unknown) => setBroken(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        isBusy.current = false;
        setTurn((before) => before + 1);
      });
  }, [state, turn, thinker, broken]);
  return { state, dispatch, broken };
}

async function think(thinker: Thinker, next: NextThought): Promise<DocumentAction> {
  if (next.think === 'read') return { type: 'read', reading: await thinker.ask('read', next.text) };
  const { model, text, rules } = next;
  return { type: 'applied', model, changed: await thinker.ask('apply', { text, rules }) };
}
