import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';

export interface Suggestion {
  readonly text: string;
  readonly note?: string;
  readonly end?: string;
}

interface Props {
  readonly id: string;
  readonly label: string;
  readonly head: readonly [string, string] | undefined;
  readonly typed: string;
  readonly options: readonly Suggestion[];
  readonly active: number;
  readonly onTake: (text: string) => void;
}

/** What may be meant, under the field; the field keeps the focus. */
export function Suggestions({ id, label, head, typed, options, active, onTake }: Props): ReactNode {
  const menu = useRef<HTMLDivElement>(null);
  const isOpen = options.length > 0;
  useEffect(() => {
    if (isOpen) menu.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  if (!isOpen) return <span id={id} hidden role="listbox" aria-label={`Suggestions for ${label}`} />;
  return (
    <div className="menu sug" ref={menu}>
      {head && (
        <p className="head-line">
          {head[0]}
          <span className="end">{head[1]}</span>
        </p>
      )}
      <div id={id} role="listbox" aria-label={`Suggestions for ${label}`}>
        {options.map(({ text, note, end }, index) => (
          <div
            key={text}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className="option"
            onPointerDown={(event) => {
              event.preventDefault();
              onTake(text);
            }}
          >
            <Marked text={text} part={typed.trim()} />
            {note && <span className="quiet cut">{note}</span>}
            {end && <span className="end">{end}</span>}
          </div>
        ))}
      </div>
      <p className="head-line wide">
        <kbd>↓</kbd> <kbd>Enter</kbd> takes it <kbd>Tab</kbd> next part of the sentence
      </p>
    </div>
  );
}

function Marked({ text, part }: { readonly text: string; readonly part: string }): ReactNode {
  const at = part === '' ? -1 : text.toLowerCase().indexOf(part.toLowerCase());
  if (at < 0) return <code>{text}</code>;
  return (
    <code>
      {text.slice(0, at)}
      <span className="hit">{text.slice(at, at + part.length)}</span>
      {text.slice(at + part.length)}
    </code>
  );
}
