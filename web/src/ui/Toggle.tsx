import type { ReactNode } from 'react';

interface Props {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  /** The words for both states, shown beside the switch. */
  readonly words: { readonly on: string; readonly off: string };
  readonly disabledBecause?: string | undefined;
}

export function Toggle({ label, isOn, onChange, words, disabledBecause }: Props): ReactNode {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      className={isOn ? 'toggle' : 'toggle off'}
      disabled={disabledBecause !== undefined}
      title={disabledBecause}
      onClick={() => onChange(!isOn)}
    >
      <i />
      {isOn ? words.on : words.off}
    </button>
  );
}
