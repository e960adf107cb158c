import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';

interface Props {
  readonly label: string;
  /** Called when pressed, so that what is copied is what is there then. */
  readonly text: () => string;
  readonly iconOnly?: boolean;
  readonly icon?: 'copy' | 'link';
  readonly small?: boolean;
  readonly kind?: 'plain' | 'ghost';
}

/** Copies, and says that it did. */
export function CopyButton({
  label,
  text,
  iconOnly = false,
  icon = 'copy',
  small = true,
  kind = 'plain',
}: Props): ReactNode {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const said = state === 'idle' ? label : state === 'copied' ? 'Copied' : 'Could not copy';
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('failed'),
    );
  };
  return (
    <>
      <Button
        label={said}
        icon={state === 'copied' ? 'check' : icon}
        iconOnly={iconOnly}
        small={small}
        kind={kind}
        onPress={copy}
      />
      <span className="sr" role="status">
        {state === 'idle' ? '' : said}
      </span>
    </>
  );
}
