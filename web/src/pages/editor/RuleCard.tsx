import type { PolicyKind } from '@bartizan/api';
import { memo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { DocumentAction } from '../../editor/document-state.ts';
import type { CardEdit, NumberedCard } from '../../editor/rule-model.ts';
import { ruleSentence } from '../../editor/rule-sentence.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { RuleFields } from './RuleFields.tsx';
import { useIsNear } from './use-nearness.ts';

interface Props extends Pick<NumberedCard, 'id' | 'rule' | 'number' | 'fault' | 'mark'> {
  readonly isLast: boolean;
  readonly kind: PolicyKind;
  /** The policy's own. */
  readonly namespace: string;
  readonly dispatch: (action: DocumentAction) => void;
}

/** As many as are in sight before anybody scrolls. */
const nearAtFirst = 8;

/**
 * One rule. There may be hundreds: each is drawn anew only when it changes, and has fields only near what is in sight.
 * The last one has them always: it is the new one, and where Shift+Tab comes from below.
 */
export const RuleCard = memo(function RuleCard(props: Props): ReactNode {
  const { id, rule, number, fault, mark, isLast, kind, namespace, dispatch } = props;
  const card = useRef<HTMLLIElement>(null);
  const isNear = useIsNear(card, number <= nearAtFirst);
  const hasFields = isNear || isLast;
  const onEdit = (edit: CardEdit) => dispatch({ type: 'cards', edit });
  const label = `${rule.direction === 'ingress' ? 'inbound' : 'outbound'} rule ${number}`;
  return (
    <li
      ref={card}
      className={hasFields ? 'rule' : 'rule far'}
      aria-label={label}
      data-card={id}
      tabIndex={hasFields ? -1 : 0}
    >
      <div className="rule-head">
        <b>{number}</b>
        {mark && <span className="tag notice">{mark}</span>}
        {rule.action === 'deny' && <span className="tag danger">denies</span>}
        {hasFields && <RuleButtons {...{ id, label, number, isLast, onEdit }} />}
      </div>
      {hasFields ? (
        <RuleFields
          rule={rule}
          place={{ kind, namespace }}
          label={label}
          onChange={(changed) => onEdit({ do: 'change', id, rule: changed })}
        />
      ) : (
        <p className="rule-text">{ruleSentence(rule, kind)}</p>
      )}
      {fault && (
        <div className="rule-foot">
          <span>
            <Icon name="danger" tone="danger" />
            {fault}
          </span>
        </div>
      )}
    </li>
  );
});

function RuleButtons(props: {
  readonly id: number;
  readonly label: string;
  readonly number: number;
  readonly isLast: boolean;
  readonly onEdit: (edit: CardEdit) => void;
}): ReactNode {
  const { id, label, number, isLast, onEdit } = props;
  return (
    <>
      <span className="push" />
      <Button
        label={`Move ${label} up (Alt ↑)`}
        icon="up"
        iconOnly
        small
        kind="ghost"
        onPress={() => onEdit({ do: 'move', id, by: -1 })}
        disabledBecause={number === 1 ? 'It is the first' : undefined}
      />
      <Button
        label={`Move ${label} down (Alt ↓)`}
        icon="down"
        iconOnly
        small
        kind="ghost"
        onPress={() => onEdit({ do: 'move', id, by: 1 })}
        disabledBecause={isLast ? 'It is the last' : undefined}
      />
      <Button
        label={`Duplicate ${label}`}
        icon="copy"
        iconOnly
        small
        kind="ghost"
        onPress={() => onEdit({ do: 'duplicate', id })}
      />
      <Button
        label={`Remove ${label}`}
        icon="trash"
        iconOnly
        small
        kind="ghost"
        onPress={() => onEdit({ do: 'remove', id })}
      />
    </>
  );
}
