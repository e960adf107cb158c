import type { Policy, PolicyEffect } from '@bartizan/api';
import type { ReactNode } from 'react';
import { Words } from '../../components/Words.tsx';
import { formatCount, plural } from '../../format/number.ts';
import { useScene } from '../../frame/scene-context.ts';
import { usePreview } from '../../queries/use-preview.ts';
import { Bone } from '../../ui/Bone.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { SaveFailure } from './SaveFailure.tsx';
import { EndWords } from './EndWords.tsx';

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
        {policy.enabled && !preview.data && !preview.error && <Bone width="80%" />}
        {policy.enabled && preview.data && <Loss effect={preview.data.effect} missing={preview.data.effectMissing} />}
        {preview.error && <p className="second">What would change is not known: {preview.error.message}</p>}
        {policy.owner && (
          <Note tone="warning" icon="git" title="It will come back, or be missed, elsewhere.">
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
    <>
      <p>
        <b>{plural(newlyAllowed.count, 'recorded connection')}</b> that it denied would pass.
      </p>
      <Pairs group={newlyAllowed} />
      <p>
        <b>{plural(newlyDenied.count, 'recorded connection')}</b> that only it allowed would be dropped.
      </p>
      <Pairs group={newlyDenied} />
      {unknown.count > 0 && <p>Of {plural(unknown.count, 'connection')} it is not known.</p>}
    </>
  );
}

const mostPairs = 4;

function Pairs({ group: { items } }: { readonly group: PolicyEffect['newlyAllowed'] }): ReactNode {
  if (items.length === 0) return null;
  return (
    <ul className="small second pairs">
      {items.slice(0, mostPairs).map(({ from, to, port, protocol, count }) => (
        <li key={`${from} ${to} ${port} ${protocol}`}>
          <EndWords end={from} /> to <EndWords end={to} />{' '}
          <code>{port === null ? protocol : `${port}/${protocol}`}</code>, {formatCount(count)}
        </li>
      ))}
      {items.length > mostPairs && <li>and {plural(items.length - mostPairs, 'more pair')}</li>}
    </ul>
  );
}
