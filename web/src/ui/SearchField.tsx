import type { KeyboardEvent, ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onEnter?: () => void;
  /** What may be typed, shown while nothing is. */
  readonly placeholder?: string;
  readonly isWrong?: boolean;
  readonly describedBy?: string;
  readonly suggestions?: string;
}

/** The field that `/` goes to. */
export function SearchField(props: Props): ReactNode {
  const { label, text, onChange, onEnter, placeholder = label, isWrong = false, describedBy, suggestions } = props;
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') onEnter?.();
    if (event.key !== 'Escape') return;
    if (text !== '') onChange('');
    else event.currentTarget.blur();
  };
  return (
    <label className={isWrong ? 'ask bad' : 'ask'}>
      <Icon name="search" />
      <span className="sr">{label}</span>
      <input
        data-search
        type="text"
        value={text}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={isWrong}
        aria-describedby={describedBy}
        list={suggestions}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
    </label>
  );
}
