import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Overlay } from '../../ui/Overlay.tsx';

/** A rename that got half way: both policies are there. */
export function LeftOverDialog(props: {
  readonly old: string;
  readonly name: string;
  readonly reason: string;
  readonly onClose: () => void;
}): ReactNode {
  const { old, name, reason, onClose } = props;
  return (
    <Overlay label={`${old} is still there`} onClose={onClose}>
      <div className="pad">
        <p>
          {name} was created and is in the cluster. {old} could not be deleted: {reason} Both are enforced until {old}{' '}
          is deleted.
        </p>
      </div>
      <div className="drawer-foot">
        <Button label={`Show ${name}`} kind="primary" onPress={onClose} />
      </div>
    </Overlay>
  );
}
