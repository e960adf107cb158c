import { useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Typed } from '../../editor/selector-text.ts';
import { formatCount } from '../../format/number.ts';
import { Button } from '../../ui/Button.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { useOpenInput } from './open-inputs.ts';
import { Suggestions } from './Suggestions.tsx';
import type { Suggestion } from './Suggestions.tsx';

interface Props<Value> {
  /** What is listed here: "Labels", "Ports". */
  readonly label: string;
  readonly chips: readonly string[];
  /** An example of what may be typed. */
  readonly example: string;
  readonly read: (text: string) => Typed<Value>;
  readonly onAdd: (value: Value) => void;
  readonly onRemove: (index: number) => void;
  readonly suggest?: (typed: string) => readonly Suggestion[];
  /** Over the suggestions: where they come from. */
  readonly suggestHead?: readonly [string, string];
  /** What an empty list means, where it means something. */
  readonly whenEmpty?: string;
}

/** A list of thousands is shown in part, until somebody asks for more of it. */
const shownAtFirst = 200;
const shownMore = 1000;

/** A list inside a sentence: what is in it, each with a way out, and a field for one more. */
export function ChipInput<Value>(props: Props<Value>): ReactNode {
  const { label, chips, example, read, onAdd, onRemove, suggest, suggestHead, whenEmpty } = props;
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [shown, setShown] = useState(shownAtFirst);
  const hidden = Math.max(0, chips.length - shown);
  useOpenInput(text);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const options = isOpen && suggest ? suggest(text) : [];
  const type = (typed: string) => {
    setText(typed);
    setFault(null);
    setActive(-1);
    setOpen(true);
  };
  const take = (typed: string) => {
    const value = read(typed);
    if (!value.ok) {
      setFault(value.message);
      return;
    }
    onAdd(value.value);
    type('');
    setOpen(false);
  };
  const remove = (index: number) => {
    onRemove(index);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!suggest) return;
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((at) => Math.max(-1, Math.min(options.length - 1, at + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = options[active];
      if (chosen) take(chosen.text);
      else if (text.trim() !== '') take(text);
    } else if (event.key === 'Escape' && (isOpen || text !== '')) {
      event.preventDefault();
      if (!isOpen) type('');
      setOpen(false);
      setActive(-1);
    } else if (event.key === 'Backspace' && text === '' && chips.length > 0) {
      event.preventDefault();
      // What nobody sees is not removed.
      if (hidden > 0) setShown(chips.length);
      else onRemove(chips.length - 1);
    }
  };
  const leave = () => {
    setOpen(false);
    setActive(-1);
    if (text.trim() !== '') take(text);
  };
  return (
    <span className="anchor">
      <span className={fault ? 'slot many bad' : 'slot many'} role="group" aria-label={label}>
        {chips.slice(0, shown).map((chip, index) => (
          <span key={`${chip} ${index}`} className="lbl">
            {chip}
            <button type="button" aria-label={`Remove ${chip}`} onClick={() => remove(index)}>
              <Icon name="x" />
            </button>
          </span>
        ))}
        {hidden > 0 && (
          <Button
            label={`Show more of ${label.toLowerCase()}: ${formatCount(hidden)} are not shown`}
            small
            kind="ghost"
            onPress={() => setShown(shown + shownMore)}
          >
            <span>{formatCount(hidden)} more</span>
          </Button>
        )}
        {whenEmpty && chips.length === 0 && text === '' && <span className="empty">{whenEmpty}</span>}
        {chips.length > 0 && text === '' && <Icon name="plus" />}
        <input
          ref={input}
          className="type"
          value={text}
          placeholder={chips.length === 0 && !whenEmpty ? example : ''}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          role="combobox"
          aria-label={`Add to ${label.toLowerCase()}, for example ${example}`}
          aria-expanded={options.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={options[active] ? `${id}-${active}` : undefined}
          aria-invalid={fault !== null}
          aria-describedby={fault ? `${id}-fault` : undefined}
          onChange={(event) => type(event.target.value)}
          onFocus={() => setOpen(true)}
          onKeyDown={onKeyDown}
          onBlur={leave}
        />
        {text.trim() !== '' && (
          <Button label={`Add ${text.trim()}`} icon="plus" iconOnly small kind="ghost" onPress={() => take(text)} />
        )}
      </span>
      <Suggestions
        id={id}
        head={suggestHead}
        typed={text}
        options={options}
        active={active}
        onTake={take}
        label={label}
      />
      {fault && (
        <span className="slot-fault" id={`${id}-fault`} role="alert">
          <Icon name="danger" tone="danger" /> {fault}
        </span>
      )}
    </span>
  );
}
