import type { PolicyKind } from '@bartizan/api';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { podsOfPolicy } from '../../editor/pod-match.ts';
import type { RuleModel } from '../../editor/rule-model.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Toggle } from '../../ui/Toggle.tsx';
import { useEditorPods } from './editor-pods.ts';
import { MatchLine } from './MatchLine.tsx';
import { SelectorInput } from './SelectorInput.tsx';

interface Props {
  readonly policy: RuleModel['policy'];
  readonly onChange: (policy: RuleModel['policy']) => void;
  /** Name and namespace of a policy that is in the cluster change only by being created anew. */
  readonly isLocked: boolean;
  readonly onUnlock: () => void;
  readonly onKind: ((kind: PolicyKind) => void) | null;
  readonly namespaces: readonly string[];
}

const kinds: readonly PolicyKind[] = ['CiliumNetworkPolicy', 'NetworkPolicy', 'CiliumClusterwideNetworkPolicy'];

/** What a policy is, before its rules. */
export function PolicyForm({ policy, onChange, isLocked, onUnlock, onKind, namespaces }: Props): ReactNode {
  const id = useId();
  const { pods } = useEditorPods();
  const isWide = policy.kind === 'CiliumClusterwideNetworkPolicy';
  const known = [...new Set([...namespaces, ...(policy.namespace ? [policy.namespace] : [])])];
  const describe = (description: string) => {
    const { description: _, ...rest } = policy;
    onChange(description === '' ? rest : { ...rest, description });
  };
  return (
    <div className="form">
      <div className="field">
        <label htmlFor={`${id}-name`}>Name</label>
        {isLocked ? (
          <div className="input locked">
            <span className="cut" id={`${id}-name`}>
              {policy.name}
            </span>
            <Icon name="lock" />
            <Button label="Rename" small kind="ghost" onPress={onUnlock} />
          </div>
        ) : (
          <input
            id={`${id}-name`}
            className="input"
            value={policy.name}
            placeholder="allow-checkout-to-gateway"
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => onChange({ ...policy, name: event.target.value })}
          />
        )}
      </div>
      <div className="field narrow">
        <label htmlFor={`${id}-namespace`}>Namespace</label>
        {isLocked || isWide ? (
          <div className="input locked">
            <span id={`${id}-namespace`}>{isWide ? 'cluster-wide' : policy.namespace}</span>
            <Icon name="lock" />
          </div>
        ) : (
          <select
            id={`${id}-namespace`}
            className="input"
            value={policy.namespace}
            onChange={(event) => onChange({ ...policy, namespace: event.target.value })}
          >
            {known.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </div>
      {onKind && (
        <div className="field across">
          <label htmlFor={`${id}-kind`}>Kind</label>
          <select
            id={`${id}-kind`}
            className="input kind"
            value={policy.kind}
            onChange={(event) => {
              const kind = kinds.find((one) => one === event.target.value);
              if (kind) onKind(kind);
            }}
          >
            {kinds.map((kind) => (
              <option key={kind}>{kind}</option>
            ))}
          </select>
        </div>
      )}
      <div className="field across">
        <label htmlFor={`${id}-description`}>Description</label>
        <textarea
          id={`${id}-description`}
          className="input"
          rows={1}
          value={policy.description ?? ''}
          onChange={(event) => describe(event.target.value)}
        />
      </div>
      <div className="field across">
        <span className="name">Enforcement</span>
        <span className="line-of">
          <Toggle
            label="Enforcement"
            isOn={policy.enabled}
            words={{ on: 'Enforced', off: 'Disabled' }}
            onChange={(enabled) => onChange({ ...policy, enabled })}
          />
          <span className="small quiet">
            {policy.enabled
              ? 'off would select no pod; the policy would stay in the cluster'
              : 'it will be in the cluster, and select no pod'}
          </span>
        </span>
      </div>
      <div className="field across">
        <span className="name">Applies to</span>
        <div className="rule-text bare">
          <span className="w">{policy.subject === 'nodes' ? 'nodes with labels' : 'pods with labels'}</span>
          <SelectorInput
            label="Applies to labels"
            selector={policy.selector}
            pods={pods ?? []}
            namespace={policy.namespace}
            whenEmpty={
              policy.subject === 'nodes'
                ? 'every node'
                : isWide
                  ? 'every pod of the cluster'
                  : 'every pod of the namespace'
            }
            onChange={(selector) => onChange({ ...policy, selector })}
          />
          {policy.subject !== 'nodes' && (
            <MatchLine matching={pods && podsOfPolicy(policy.selector, pods, policy)} of="the policy" />
          )}
        </div>
      </div>
    </div>
  );
}
