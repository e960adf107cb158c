import type { PolicyKind } from '@bartizan/api';
import { memo, useState } from 'react';
import type { ReactNode } from 'react';
import type { DocumentAction, DocumentState } from '../../editor/document-state.ts';
import type { Card, RuleModel } from '../../editor/rule-model.ts';
import { Note } from '../../ui/Note.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { RuleSection } from './RuleSection.tsx';
import { createNearness, NearnessContext } from './use-nearness.ts';

interface Props {
  /** Made ready while the other mode is shown, and not drawn again until it is seen. */
  readonly isHidden: boolean;
  readonly state: DocumentState;
  readonly model: RuleModel;
  readonly base: readonly Card[];
  readonly isLocked: boolean;
  readonly namespaces: readonly string[];
  readonly onUnlock: () => void;
  readonly onKind: ((kind: PolicyKind) => void) | null;
  readonly kindFault: string | null;
  readonly dispatch: (action: DocumentAction) => void;
}

/** The policy as sentences to fill in. */
export const RuleMode = memo(function RuleMode(props: Props): ReactNode {
  const { state, model, base, isLocked, namespaces, onUnlock, onKind, kindFault, dispatch } = props;
  const [nearness] = useState(createNearness);
  return (
    <NearnessContext value={nearness}>
      <div inert={state.reading.text !== state.text}>
        {kindFault && (
          <Note tone="warning" isLive title="The kind stays as it is.">
            {kindFault}
          </Note>
        )}
        {state.refused.map(({ code, message, path }) => (
          <Note key={`${code} ${path} ${message}`} tone="danger" isLive title="This is not in the text yet.">
            {message}
          </Note>
        ))}
        <PolicyForm
          policy={model.policy}
          isLocked={isLocked}
          namespaces={namespaces}
          onUnlock={onUnlock}
          onKind={onKind}
          onChange={(policy) => dispatch({ type: 'policy', policy })}
        />
        {(['ingress', 'egress'] as const).map((direction) => (
          <RuleSection key={direction} model={model} direction={direction} base={base} dispatch={dispatch} />
        ))}
      </div>
    </NearnessContext>
  );
}, isStillHidden);

function isStillHidden(before: Props, after: Props): boolean {
  return before.isHidden && after.isHidden;
}
