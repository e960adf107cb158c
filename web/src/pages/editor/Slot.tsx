import type { ReactNode } from 'react';
import { Icon } from '../../ui/Icon.tsx';

interface Props<Value extends string> {
  /** What is chosen here, read out. */
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** A choice inside a sentence: the browser's own list, which any keyboard and any thumb can use. */
export function Slot<Value extends string>({ label, value, options, onChange }: Props<Value>): ReactNode {
  const choose = (chosen: string) => {
    const option = options.find((one) => one.value === chosen);
    if (option) onChange(option.value);
  };
  return (
    <span className="slot choice">
      <select aria-label={label} value={value} onChange={(event) => choose(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}
