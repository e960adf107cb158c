import type { ReactNode } from 'react';
import { Icon } from '../../ui/Icon.tsx';

interface Props {
  readonly mode: 'rules' | 'yaml';
  /** Why the text cannot be shown as rules. */
  readonly rulesOff: string | null;
  readonly onChange: (mode: 'rules' | 'yaml') => void;
}

/** The two views of one text. */
export function ModeSwitch({ mode, rulesOff, onChange }: Props): ReactNode {
  return (
    <span className="seg large" role="group" aria-label="Mode">
      <button
        type="button"
        aria-pressed={mode === 'rules'}
        disabled={rulesOff !== null}
        title={rulesOff ?? undefined}
        className={rulesOff === null ? undefined : 'dis'}
        onClick={() => onChange('rules')}
      >
        <Icon name="list" /> Rule mode
      </button>
      <button type="button" aria-pressed={mode === 'yaml'} onClick={() => onChange('yaml')}>
        YAML mode
      </button>
    </span>
  );
}
