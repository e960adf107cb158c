import type { PolicyPreview } from '@bartizan/api';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Reading } from '../../editor/thoughts.ts';
import type { DraftPreview } from '../../queries/use-preview.ts';
import { Button } from '../../ui/Button.tsx';
import { Overlay } from '../../ui/Overlay.tsx';
import { DiffView } from './DiffView.tsx';
import { ReviewChecks } from './ReviewChecks.tsx';
import { SaveFailure } from './SaveFailure.tsx';
import { Slot } from './Slot.tsx';

export interface SaveWish {
  readonly note: string;
  readonly revertAfter: string | null;
}

interface Props {
  readonly title: string;
  readonly reading: Reading;
  readonly base: string | null;
  readonly version: string | null;
  readonly preview: DraftPreview;
  /** The name it had, where it gets another. */
  readonly renamedFrom: string | null;
  readonly isSaving: boolean;
  readonly error: Error | null;
  readonly onSave: (wish: SaveWish) => void;
  readonly onClose: () => void;
}

const timers = [
  { value: '', label: 'stays until it is changed again' },
  { value: '2m', label: 'goes back after 2 minutes' },
  { value: '10m', label: 'goes back after 10 minutes' },
  { value: '30m', label: 'goes back after 30 minutes' },
  { value: '1h', label: 'goes back after 1 hour' },
] as const;

/** The last look before a change goes to the cluster: what changes, what it would do, who will undo it. */
export function ReviewDialog(props: Props): ReactNode {
  const { title, reading, base, version, preview, renamedFrom, isSaving, error, onSave, onClose } = props;
  const [note, setNote] = useState('');
  const [timer, setTimer] = useState<(typeof timers)[number]['value']>('');
  const [isAnyway, setAnyway] = useState(false);
  const id = useId();
  const data = preview.isOld ? undefined : preview.data;
  const wait = waitReason({ preview, data, isAnyway, isSaving });
  return (
    <Overlay label={title} onClose={onClose}>
      <div className="review">
        <div className="l">
          <h3>
            What changes <span className="sub">{version ? `against resourceVersion ${version}` : 'a new policy'}</span>
          </h3>
          <DiffView base={base} draft={reading.text} version={version} />
          <h3>
            <label htmlFor={id}>Why</label> <span className="sub">kept in the history, optional</span>
          </h3>
          <textarea
            id={id}
            className="input"
            rows={2}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
        <div className="r">
          <ReviewChecks
            reading={reading}
            preview={data}
            failure={preview.error}
            renamedFrom={renamedFrom}
            isAnyway={isAnyway}
            onAnyway={setAnyway}
          />
          <p className="line-of timer">
            The change{' '}
            {renamedFrom === null ? (
              <Slot label="How long the change stays" value={timer} options={timers} onChange={setTimer} />
            ) : (
              'stays: a new name cannot go back by itself'
            )}
          </p>
          {timer !== '' && (
            <p className="small second">
              Unless somebody confirms it before. It goes back also if this page or the console is closed.
            </p>
          )}
          {error && <SaveFailure error={error} />}
        </div>
      </div>
      <div className="drawer-foot">
        <Button
          label={isSaving ? 'Saving …' : timer === '' ? 'Save policy' : 'Save with a timer'}
          kind="primary"
          disabledBecause={wait}
          onPress={() => onSave({ note: note.trim(), revertAfter: timer === '' ? null : timer })}
        />
        {wait && <span className="small quiet">{wait}</span>}
        <span className="push" />
        <Button label="Back to the editor" onPress={onClose} />
      </div>
    </Overlay>
  );
}

function waitReason(asked: {
  readonly preview: DraftPreview;
  readonly data: PolicyPreview | undefined;
  readonly isAnyway: boolean;
  readonly isSaving: boolean;
}): string | undefined {
  const { preview, data, isAnyway, isSaving } = asked;
  if (isSaving) return 'It is being written';
  if (preview.error) return isAnyway ? undefined : 'Saving waits for “Save anyway”';
  if (!data) return 'The dry run and the effect are on their way';
  if (data.refusal !== null) return 'The API server would refuse it';
  return data.owner && !isAnyway ? 'Saving waits for “Save anyway”' : undefined;
}
