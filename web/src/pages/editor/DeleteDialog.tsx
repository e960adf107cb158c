import type { Policy, PolicyEffect } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Words } from '../../components/Words.tsx';
import { plural } from '../../format/number.ts';
import { useScene } from '../../frame/scene-context.ts';
import { usePreview } from '../../queries/use-preview.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { SaveFailure } from './SaveFailure.tsx';

interface Props {
  readonly policy: Policy;
  /** The same policy switched off, which is as good as gone; null while that is worked out. */
  readonly withoutIt: string | null;
  readonly isDeleting: boolean;
  readonly error: Error | null;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** Before a policy goes: what it protected, in connections where they are known. */
export function DeleteDialog({ policy, withoutIt, isDeleting, error, onDelete, onClose }: Props): ReactNode {
  const scene = useScene();
  const preview = usePreview(scene, policy.enabled ? withoutIt : null);
  return (
    <Overlay label={`Delete ${policy.name}?`} onClose={onClose}>
      <div className="pad notes">
        <p>
          {policy.namespace ? `It goes from the namespace ${policy.namespace}.` : 'It goes from the whole cluster.'} Its
          last version stays in the history and can be restored.
        </p>
        {policy.words && (
          <div>
            <h3>What it says now</h3>
            <Words words={policy.words} />
          </div>
        )}
        <h3>Without it</h3>
        {!policy.enabled && <p className="second">Nothing changes for any connection: it is disabled.</p>}
        {policy.enabled && !preview.data && !preview.isError && <Bone width="80%" />}
        {policy.enabled && preview.data && <Loss effect={preview.data.effect} missing={preview.data.effectMissing} />}
        {preview.isError && <p className="second">What would change is not known: {preview.error.message}</p>}
        {policy.owner && (
          <Note tone="warning" icon="git" title={`${policy.owner.name ?? 'Something else'} owns this policy.`}>
            {policy.owner.warning}
          </Note>
        )}
        {error && <SaveFailure error={error} />}
      </div>
      <div className="drawer-foot">
        <Button
          label={isDeleting ? 'Deleting …' : `Delete ${policy.name}`}
          className="risk"
          icon="trash"
          onPress={onDelete}
          disabledBecause={isDeleting ? 'It is being deleted' : undefined}
        />
        <span className="push" />
        <Button label="Keep it" onPress={onClose} />
      </div>
    </Overlay>
  );
}

function Loss({
  effect,
  missing,
}: {
  readonly effect: PolicyEffect | null;
  readonly missing: string | undefined;
}): ReactNode {
  if (!effect) return <p className="second">What would change is not known: {missing}</p>;
  if (effect.connections === 0)
    return <p className="second">No flows are recorded here, so what it protected is not known.</p>;
  const { newlyAllowed, newlyDenied, unknown } = effect;
  return (
    <ul className="plain">
      <li>
        <span />
        <span>
          <b>{plural(newlyAllowed.count, 'recorded connection')}</b> that it denied would pass
          {newlyAllowed.items.length > 0 && `: ${pairs(newlyAllowed)}`}.
        </span>
      </li>
      <li>
        <span />
        <span>
          <b>{plural(newlyDenied.count, 'recorded connection')}</b> that only it allowed would be dropped
          {newlyDenied.items.length > 0 && `: ${pairs(newlyDenied)}`}.
        </span>
      </li>
      {unknown.count > 0 && (
        <li>
          <span />
          <span>Of {plural(unknown.count, 'connection')} it is not known.</span>
        </li>
      )}
    </ul>
  );
}

const mostPairs = 3;

function pairs({ items }: PolicyEffect['newlyAllowed']): string {
  const shown = items
    .slice(0, mostPairs)
    .map(({ from, to, port, protocol }) => `${from} to ${to} ${port === null ? protocol : `${port}/${protocol}`}`);
  return [...shown, ...(items.length > mostPairs ? [`${items.length - mostPairs} more`] : [])].join('; ');
}
