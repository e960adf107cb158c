import type { Policy, PolicyState } from '@bartizan/api';
import type { ReactNode } from 'react';
import type { Tone } from '../ui/Icon.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { IconName } from '../ui/icon-shapes.tsx';
import { Sign } from '../ui/Sign.tsx';

const states: Readonly<Record<PolicyState, { readonly icon: IconName; readonly tone: Tone; readonly label: string }>> =
  {
    enforced: { icon: 'shield', tone: 'fine', label: 'Enforced' },
    disabled: { icon: 'off', tone: 'quiet', label: 'Disabled' },
    predefined: { icon: 'dashed', tone: 'notice', label: 'Predefined' },
    'not-applied': { icon: 'danger', tone: 'danger', label: 'Not applied' },
  };

export function stateLabel(state: PolicyState): string {
  return states[state].label;
}

export function PolicyStateSign({ state }: { readonly state: PolicyState }): ReactNode {
  return <Sign {...states[state]} />;
}

/** Which directions a policy isolates: in those, only what a rule allows is allowed. */
export function IsolatesSign({ isolates }: Pick<Policy, 'isolates'>): ReactNode {
  const [isIn, isOut] = [isolates.includes('ingress'), isolates.includes('egress')];
  if (!isIn && !isOut)
    return (
      <span className="sub" title="What its rules do not name stays as it was">
        nothing
      </span>
    );
  return (
    <span className="st quiet">
      {isIn && <Icon name="in" />}
      {isOut && <Icon name="out" />}
      {isIn && isOut ? 'Both' : isIn ? 'In' : 'Out'}
    </span>
  );
}

/** The worst problem of a policy, and how many more. */
export function ProblemSign({ problems }: Pick<Policy, 'problems'>): ReactNode {
  const worst = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  if (!worst) return <span className="sub">–</span>;
  const isError = worst.severity === 'error';
  const words = worst.refusedBy
    ? `Refused by ${worst.refusedBy === 'cilium' ? 'Cilium' : 'the API server'}`
    : worst.message;
  return (
    <span
      className={`st ${isError ? 'danger' : 'warning'} cut`}
      title={problems.map(({ message }) => message).join('\n')}
    >
      <Icon name={isError ? 'danger' : 'warn'} />
      <span>{words}</span>
      {problems.length > 1 && <span className="sub">+{problems.length - 1}</span>}
    </span>
  );
}

const ownerIcons: Readonly<Record<string, IconName>> = { helm: 'pods', controller: 'pods', kustomize: 'git' };

export function ownerIcon({ owner, state }: Pick<Policy, 'owner' | 'state'>): IconName {
  if (owner) return ownerIcons[owner.kind] ?? 'git';
  return state === 'predefined' ? 'policies' : 'pencil';
}
