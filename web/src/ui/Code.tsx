import { memo, useMemo, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import { ScrollRegion } from './ScrollRegion.tsx';
import { blocksOf } from './yaml-layout.ts';
import { yamlParts } from './yaml-parts.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly language?: 'yaml' | 'plain';
  readonly hasLines?: boolean;
  readonly wraps?: boolean;
  /** What stands under a line of YAML can be put away. */
  readonly canFold?: boolean;
  /** A line that is pointed at, from 1: marked, and brought into sight. */
  readonly markedLine?: number | undefined;
}

/** Text as it is, never as markup; lines numbered and YAML coloured where asked. */
export function Code({
  label,
  text,
  language = 'plain',
  hasLines = false,
  wraps = false,
  canFold = false,
  markedLine,
}: Props): ReactNode {
  const lines = text.replace(/\n$/, '').split('\n');
  const blocks = useMemo(() => (canFold ? blocksOf(text) : none), [canFold, text]);
  const [firstBlock] = blocks.keys();
  const [folded, setFolded] = useState<ReadonlySet<number>>(nothingFolded);
  const hidden = hiddenBy(folded, blocks);
  const toggle = (at: number) =>
    setFolded((before) => new Set(before.has(at) ? [...before].filter((one) => one !== at) : [...before, at]));
  return (
    <ScrollRegion
      label={label}
      className={['code', hasLines && 'lines', wraps && 'wrap', canFold && 'folds'].filter(Boolean).join(' ')}
    >
      <ol>
        {lines.map((line, at) => (
          <li
            key={at}
            className={at + 1 === markedLine ? 'at-line' : undefined}
            ref={at + 1 === markedLine ? intoSight : undefined}
            data-line={at + 1}
            hidden={hidden.has(at)}
          >
            {blocks.has(at) && (
              <Fold line={line} isFirst={at === firstBlock} isFolded={folded.has(at)} onToggle={() => toggle(at)} />
            )}
            {language === 'yaml' ? <YamlLine line={line} /> : line}
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}

const none: ReadonlyMap<number, number> = new Map();
const nothingFolded: ReadonlySet<number> = new Set();

function hiddenBy(folded: ReadonlySet<number>, blocks: ReadonlyMap<number, number>): ReadonlySet<number> {
  const hidden = new Set<number>();
  for (const at of folded) for (let line = at + 1; line <= (blocks.get(at) ?? at); line += 1) hidden.add(line);
  return hidden;
}

interface FoldProps {
  readonly line: string;
  /** The first is reached by Tab, the others from it by the arrow keys: a long manifest has hundreds. */
  readonly isFirst: boolean;
  readonly isFolded: boolean;
  readonly onToggle: () => void;
}

function Fold({ line, isFirst, isFolded, onToggle }: FoldProps): ReactNode {
  const name = line.trim().replace(/:$/, '');
  return (
    <button
      type="button"
      className="fold-lines"
      aria-expanded={!isFolded}
      aria-label={`What stands under ${name}`}
      title={isFolded ? 'Unfold' : 'Fold'}
      tabIndex={isFirst ? 0 : -1}
      onKeyDown={toNeighbour}
      onClick={onToggle}
    >
      <Icon name={isFolded ? 'right' : 'down'} />
    </button>
  );
}

function toNeighbour(event: KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const shown = [
    ...(event.currentTarget.closest('ol')?.querySelectorAll<HTMLElement>('li:not([hidden]) > button') ?? []),
  ];
  shown[shown.indexOf(event.currentTarget) + step]?.focus();
}

function intoSight(line: HTMLLIElement | null): void {
  line?.scrollIntoView({ block: 'center' });
}

const classes = { key: 'k', value: 's', comment: 'c', plain: undefined } as const;

/** Drawn anew only when it says something else: a text may have thousands of lines. */
export const YamlLine = memo(function YamlLine({ line }: { readonly line: string }): ReactNode {
  return yamlParts(line).map(({ kind, text }, at) =>
    kind === 'plain' ? (
      text
    ) : (
      <span key={at} className={classes[kind]}>
        {text}
      </span>
    ),
  );
});
