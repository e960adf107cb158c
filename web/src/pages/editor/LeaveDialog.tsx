import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Overlay } from '../../ui/Overlay.tsx';

interface Props {
  readonly isKept: boolean;
  readonly onStay: () => void;
  readonly onLeave: () => void;
  readonly onDiscard: () => void;
}

/** Before the editor is left with unsaved work. */
export function LeaveDialog({ isKept, onStay, onLeave, onDiscard }: Props): ReactNode {
  return (
    <Overlay label="Leave with unsaved work?" onClose={onStay}>
      <div className="pad">
        <p>
          {isKept
            ? 'Nothing was written to the cluster. Your text is kept in this browser and offered when you come back.'
            : 'Nothing was written to the cluster, and this browser does not keep your text: it would be lost.'}
        </p>
      </div>
      <div className="drawer-foot">
        <Button label="Stay" kind="primary" onPress={onStay} />
        <Button label={isKept ? 'Leave, keep my text' : 'Leave'} onPress={onLeave} />
        <span className="push" />
        {isKept && <Button label="Discard my text" className="risk" onPress={onDiscard} />}
      </div>
    </Overlay>
  );
}
