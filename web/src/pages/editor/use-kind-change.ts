import type { PolicyKind } from '@bartizan/api';
import { useState } from 'react';
import { changeKind } from '../../editor/change-kind.ts';
import type { DocumentAction, DocumentState } from '../../editor/document-state.ts';
import { modelFault, writable } from '../../editor/rule-model.ts';
import type { Thinker } from '../../editor/thinker.ts';
import { useScene } from '../../frame/scene-context.ts';

/** Makes a new policy another kind: it is written anew, so only where nothing would be lost. */
export function useKindChange(asked: {
  readonly thinker: Thinker;
  readonly state: DocumentState;
  readonly dispatch: (action: DocumentAction) => void;
}): { readonly fault: string | null; readonly change: (kind: PolicyKind) => void } {
  const { thinker, state, dispatch } = asked;
  const scene = useScene();
  const [fault, setFault] = useState<string | null>(null);
  const change = (kind: PolicyKind) => {
    void attempt(kind).then(setFault);
  };
  const attempt = async (kind: PolicyKind): Promise<string | null> => {
    const { model, text } = state;
    if (!model) return 'The text cannot be shown as rules';
    const incomplete = modelFault(model);
    if (incomplete) return incomplete;
    const rules = writable(model);
    const plain = await thinker.ask('print', rules);
    if (!plain.ok || plain.reading.text !== text)
      return 'This text has comments or fields of its own, which writing it anew would lose: change the kind in YAML mode.';
    const changed = changeKind(rules, kind, scene.environment?.namespaces[0] ?? '');
    if (!changed.ok) return changed.message;
    const printed = await thinker.ask('print', changed.value);
    if (!printed.ok) return printed.problems[0]?.message ?? 'It cannot be written so.';
    dispatch({ type: 'replaced', reading: printed.reading });
    return null;
  };
  return { fault, change };
}
