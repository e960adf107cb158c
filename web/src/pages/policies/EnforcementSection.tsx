import { ApiError } from '@bartizan/api';
import type { Policy } from '@bartizan/api';
import { Suspense, lazy, useState } from 'react';
import type { ReactNode } from 'react';
import { PolicyStateSign, stateLabel } from '../../components/policy-signs.tsx';
import { formatClock } from '../../format/time.ts';
import { useScene } from '../../frame/scene-context.ts';
import type { PolicyName } from '../../paths.ts';
import { writeFailure } from '../../queries/failure.ts';
import { useSetEnforcement } from '../../queries/use-policies.ts';
import type { OpenPolicy } from '../../queries/use-policies.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Toggle } from '../../ui/Toggle.tsx';

const EnforcementDiff = lazy(async () => ({ default: (await import('./EnforcementDiff.tsx')).EnforcementDiff }));

interface Props {
  readonly env: string;
  readonly name: PolicyName;
  readonly open: OpenPolicy;
  readonly onReload: () => unknown;
}

/** Switches a policy on or off: first the wish, then what it changes, then the change. */
export function EnforcementSection({ env, name, open, onReload }: Props): ReactNode {
  const { policy, etag } = open;
  const isDeployed = policy.resourceVersion !== undefined;
  const now = isDeployed && policy.enabled;
  // With the version that was seen then: what changes meanwhile is told, not overwritten.
  const [wish, setWish] = useState<{ readonly enabled: boolean; readonly etag: string | null } | null>(null);
  const write = useSetEnforcement(env, name);
  const wanted = wish?.enabled ?? now;
  const differs = wanted !== now;
  const apply = () => write.mutate({ enabled: wanted, etag: wish?.etag ?? null }, { onSuccess: () => setWish(null) });
  const undo = () => {
    setWish(null);
    write.reset();
  };
  return (
    <section aria-label="Enforcement">
      <h3>Enforcement {differs && <span className="tag warning">changed, not applied</span>}</h3>
      <p className="enf">
        <Toggle
          label="Enforcement status"
          isOn={wanted}
          words={{ on: 'Enabled', off: 'Disabled' }}
          disabledBecause={write.isPending ? 'The change is being written' : undefined}
          onChange={(next) => {
            write.reset();
            setWish(next === now ? null : { enabled: next, etag: isDeployed ? etag : null });
          }}
        />
        <span className="quiet small">
          in the cluster now: <PolicyStateSign state={policy.state} />
        </span>
      </p>
      {differs && <Consequences policy={policy} wanted={wanted} isDeployed={isDeployed} />}
      <p className="acts enf-acts">
        <Button
          label={write.isPending ? 'Applying …' : 'Apply changes'}
          kind="primary"
          onPress={apply}
          disabledBecause={
            differs ? (write.isPending ? 'The change is being written' : undefined) : 'Nothing differs from the cluster'
          }
        />
        {differs && !write.isPending && <Button label="Undo" onPress={undo} />}
        {!differs && <span className="small quiet">Nothing differs from the cluster</span>}
      </p>
      {write.isError && (
        <Refusal
          error={write.error}
          onReload={() => {
            undo();
            onReload();
          }}
        />
      )}
      {write.data && !differs && <Written policy={write.data.policy} at={write.submittedAt} />}
    </section>
  );
}

interface Change {
  readonly policy: Policy;
  readonly wanted: boolean;
  readonly isDeployed: boolean;
}

function Consequences({ policy, wanted, isDeployed }: Change): ReactNode {
  const { owner, manifest, selects, namespace } = policy;
  const effect = !isDeployed
    ? `Enabling it creates it in ${namespace}, where it selects ${selects.words}.${selects.pods === 0 ? ' No pod is among them now.' : ''}`
    : wanted
      ? `It will judge the connections of ${selects.words} again.`
      : 'It stays in the cluster, but selects no pod: a label that no pod has is added to its selector.';
  return (
    <div className="consequences">
      <p className="small second">{effect}</p>
      <Suspense fallback={<p className="small quiet">Working out what changes …</p>}>
        <EnforcementDiff manifest={manifest} enabled={wanted} isDeployed={isDeployed} />
      </Suspense>
      {owner && (
        <Note tone="warning" icon="git" title={ownerTitle(owner)}>
          {owner.warning}
        </Note>
      )}
    </div>
  );
}

function ownerTitle({ kind, name }: NonNullable<Policy['owner']>): string {
  if (kind === 'auto-devops') return 'Auto DevOps deploys this policy.';
  return name ? `${name} owns this policy.` : 'Something else owns this policy.';
}

function Refusal({ error, onReload }: { readonly error: unknown; readonly onReload: () => void }): ReactNode {
  const { title, detail } = writeFailure(error);
  const isConflict = error instanceof ApiError && error.problem.status === 412;
  if (!isConflict)
    return (
      <Note tone="danger" isLive title={title}>
        {detail}
      </Note>
    );
  const current = currentOf(error);
  return (
    <Note
      tone="danger"
      isLive
      title="Somebody changed this policy meanwhile. Nothing was written."
      actions={<Button label="Show what is in the cluster now" icon="refresh" small onPress={onReload} />}
    >
      {detail}
      {current &&
        ` It is ${stateLabel(current.state).toLowerCase()} there${current.modified ? `, last written by ${current.modified.by}` : ''}.`}
    </Note>
  );
}

/** The server sends the cluster's version along with a conflict. */
function currentOf(error: ApiError): Pick<Policy, 'state' | 'modified'> | null {
  const current: unknown = error.problem['current'];
  return typeof current === 'object' && current !== null && 'state' in current ? (current as Policy) : null;
}

function Written({ policy, at }: { readonly policy: Policy; readonly at: number }): ReactNode {
  const { zone } = useScene();
  return (
    <Note
      tone="fine"
      isLive
      title={`Applied. The cluster has ${policy.name} ${stateLabel(policy.state).toLowerCase()}`}
    >
      since {formatClock(at, zone)}, resourceVersion {policy.resourceVersion}.
      {policy.state === 'disabled' ? ' It selects no pod now.' : ` It selects ${policy.selects.words}.`}
    </Note>
  );
}
