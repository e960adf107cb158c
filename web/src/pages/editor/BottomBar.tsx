import type { ReactNode } from 'react';
import { formatClock } from '../../format/time.ts';
import { useScene } from '../../frame/scene-context.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { InlineCode } from '../../ui/InlineCode.tsx';

interface Props {
  /** Why it cannot be saved now. */
  readonly fault: string | null;
  readonly keptAtMs: number | null;
  readonly isKept: boolean;
  readonly isDirty: boolean;
  readonly onSave: () => void;
  readonly onCancel: () => void;
  readonly onDelete: (() => void) | null;
}

/** The ways out of the editor. */
export function BottomBar({ fault, keptAtMs, isKept, isDirty, onSave, onCancel, onDelete }: Props): ReactNode {
  const { zone } = useScene();
  return (
    <div className="bottom">
      <Button label="Save policy" kind="primary" onPress={onSave} disabledBecause={fault ?? undefined} />
      {fault && (
        <span className="small why" role="status">
          <Icon name={isDirty ? 'danger' : 'info'} tone={isDirty ? 'danger' : 'quiet'} />
          <InlineCode text={fault} />
        </span>
      )}
      <span className="push" />
      <span className="small quiet wide kept">
        {keptAtMs !== null && `Draft kept on this device, ${formatClock(keptAtMs, zone)}`}
        {!isKept && 'This browser does not keep drafts'}
      </span>
      <Button label="Cancel" onPress={onCancel} />
      {onDelete && <Button label="Delete policy" icon="trash" className="risk" onPress={onDelete} />}
    </div>
  );
}
