import type { ReactNode } from 'react';

interface Props<Value extends string> {
  /** What is chosen between. */
  readonly label: string;
  readonly options: readonly {
    readonly value: Value;
    readonly label: string;
    readonly disabledBecause?: string | undefined;
  }[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** A few choices side by side, one of them on. */
export function Segments<Value extends string>({ label, options, value, onChange }: Props<Value>): ReactNode {
  return (
    <span className="seg" role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          disabled={option.disabledBecause !== undefined}
          title={option.disabledBecause}
          className={option.disabledBecause === undefined ? undefined : 'dis'}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}
