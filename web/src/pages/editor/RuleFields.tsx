import type { PolicyRule } from '@bartizan/policy';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Place } from '../../editor/pod-match.ts';
import { changeAction, changeDirection, changeType, emptyPeer, peerParts, peerTypes } from '../../editor/rule-edit.ts';
import type { PeerType } from '../../editor/rule-edit.ts';
import { formatCount } from '../../format/number.ts';
import { Button } from '../../ui/Button.tsx';
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

interface Props {
  readonly rule: PolicyRule;
  readonly place: Place;
  readonly label: string;
  readonly onChange: (rule: PolicyRule) => void;
}

/** Of very many sources or destinations so many are shown at first, and more of them on request. */
const shownMore = 50;

/** One rule as a sentence that can be filled in. */
export function RuleFields({ rule, place, label, onChange: change }: Props): ReactNode {
  const isIn = rule.direction === 'ingress';
  const [shown, setShown] = useState(shownMore);
  const parts = peerParts(rule.peers);
  const takesMore = parts.every(({ type }) => type === 'pods' || type === 'cidr') && place.kind === 'NetworkPolicy';
  const takesPods = takesMore || parts.every(({ type }) => type === 'pods');
  return (
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
      {parts.slice(0, shown).map((part, index) => (
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
      {parts.length > shown && (
        <Button
          label={`Show more ${isIn ? 'sources' : 'destinations'} of ${label}: ${formatCount(parts.length - shown)} are not shown`}
          small
          kind="ghost"
          onPress={() => setShown(shown + shownMore)}
        >
          <span>or {formatCount(parts.length - shown)} more</span>
        </Button>
      )}
      {takesPods && (
        <Button
          label={`or another ${isIn ? 'source' : 'destination'} of ${label}`}
          small
          kind="ghost"
          icon="plus"
          onPress={() => {
            setShown(parts.length + 1);
            change({ ...rule, peers: [...rule.peers, ...emptyPeer('pods')] });
          }}
        >
          <span>or</span>
        </Button>
      )}
      <PortFields rule={rule} kind={place.kind} label={label} onChange={change} />
    </div>
  );
}
