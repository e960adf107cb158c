import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule } from '@bartizan/policy';
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { DocumentAction } from '../../editor/document-state.ts';
import { changeAction, changeDirection, changeType, emptyPeer, peerParts, peerTypes } from '../../editor/rule-edit.ts';
import type { PeerType } from '../../editor/rule-edit.ts';
import type { CardEdit, NumberedCard } from '../../editor/rule-model.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { PeerPartFields } from './PeerPartFields.tsx';
import { PortFields } from './PortFields.tsx';
import { Slot } from './Slot.tsx';

const typeWords: Readonly<Record<PeerType, string>> = {
  pods: 'pods with labels',
  entity: 'entity',
  cidr: 'IP/subnet',
  dns: 'domain name',
  any: 'anyone',
  nobody: 'nobody',
};

interface Props extends Pick<NumberedCard, 'id' | 'rule' | 'number' | 'fault' | 'mark'> {
  readonly of: number;
  readonly kind: PolicyKind;
  /** The policy's own. */
  readonly namespace: string;
  readonly dispatch: (action: DocumentAction) => void;
}

/** One rule as a sentence that can be filled in. Drawn anew only when it changes: there may be hundreds. */
export const RuleCard = memo(function RuleCard(props: Props): ReactNode {
  const { id, rule, number, fault, mark, of, kind, namespace, dispatch } = props;
  const place = { kind, namespace };
  const onEdit = (edit: CardEdit) => dispatch({ type: 'cards', edit });
  const isIn = rule.direction === 'ingress';
  const label = `${isIn ? 'inbound' : 'outbound'} rule ${number}`;
  const change = (changed: PolicyRule) => onEdit({ do: 'change', id, rule: changed });
  const parts = peerParts(rule.peers);
  const takesMore = parts.every(({ type }) => type === 'pods' || type === 'cidr') && place.kind === 'NetworkPolicy';
  const takesPods = takesMore || parts.every(({ type }) => type === 'pods');
  return (
    <li className="rule" aria-label={label} data-card={id}>
      <div className="rule-head">
        <b>{number}</b>
        {mark && <span className="tag notice">{mark}</span>}
        {rule.action === 'deny' && <span className="tag danger">denies</span>}
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
          disabledBecause={number === of ? 'It is the last' : undefined}
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
      </div>
      <div className="rule-text">
        {place.kind === 'NetworkPolicy' && rule.action === 'allow' ? (
          <span className="w">Allow</span>
        ) : (
          <Slot
            label={`Action of ${label}`}
            value={rule.action}
            options={[
              { value: 'allow' as const, label: 'Allow' },
              { value: 'deny' as const, label: 'Deny' },
            ]}
            onChange={(action) => change(changeAction(rule, action))}
          />
        )}
        <span className="w">traffic</span>
        <Slot
          label={`Direction of ${label}`}
          value={rule.direction}
          options={[
            { value: 'ingress' as const, label: 'inbound to' },
            { value: 'egress' as const, label: 'outbound from' },
          ]}
          onChange={(direction) => change(changeDirection(rule, direction))}
        />
        <span className="w">the selected pods {isIn ? 'from' : 'to'}</span>
        {parts.map((part, index) => (
          <span className="part" key={`${part.type} ${part.from}`}>
            {index > 0 && <span className="w">or</span>}
            <Slot
              label={`${isIn ? 'Source' : 'Destination'} of ${label}${index > 0 ? `, ${index + 1}` : ''}`}
              value={part.type}
              options={[...new Set([...peerTypes(place.kind, rule), part.type])].map((value) => ({
                value,
                label: typeWords[value],
              }))}
              onChange={(type) => change(changeType(rule, part, type, place.kind))}
            />
            <PeerPartFields
              rule={rule}
              part={part}
              place={place}
              label={parts.length > 1 ? `${label}, ${index + 1}` : label}
              onChange={change}
            />
            {parts.length > 1 && (
              <Button
                label={`Remove this ${isIn ? 'source' : 'destination'} from ${label}`}
                icon="x"
                iconOnly
                small
                kind="ghost"
                onPress={() => change({ ...rule, peers: rule.peers.toSpliced(part.from, part.peers.length) })}
              />
            )}
          </span>
        ))}
        {takesPods && (
          <Button
            label={`or another ${isIn ? 'source' : 'destination'} of ${label}`}
            small
            kind="ghost"
            icon="plus"
            onPress={() => change({ ...rule, peers: [...rule.peers, ...emptyPeer('pods')] })}
          >
            <span>or</span>
          </Button>
        )}
        <PortFields rule={rule} kind={place.kind} label={label} onChange={change} />
      </div>
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
