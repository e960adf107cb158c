import type { ReactNode } from 'react';
import { Blank } from '../ui/Blank.tsx';
import { Button } from '../ui/Button.tsx';

interface Props {
  readonly error: unknown;
  readonly reset: () => void;
}

/** A mistake of ours while drawing a page: the frame stays, and says so. */
export function PageCrash({ error, reset }: Props): ReactNode {
  const words = error instanceof Error ? error.message : String(error);
  return (
    <Blank
      title="This page could not be drawn, which is a bug."
      icon="danger"
      tone="danger"
      actions={
        <>
          <Button label="Try again" icon="refresh" small onPress={reset} />
          <Button label="Load the console anew" small onPress={() => globalThis.location.reload()} />
        </>
      }
    >
      <p className="mono">{words}</p>
    </Blank>
  );
}
