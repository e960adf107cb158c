import type { ReactNode } from 'react';
import { ScrollRegion } from './ScrollRegion.tsx';
import { yamlParts } from './yaml-parts.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly language?: 'yaml' | 'plain';
  readonly hasLines?: boolean;
  readonly wraps?: boolean;
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
  markedLine,
}: Props): ReactNode {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <ScrollRegion label={label} className={['code', hasLines && 'lines', wraps && 'wrap'].filter(Boolean).join(' ')}>
      <ol>
        {lines.map((line, at) => (
          <li
            key={at}
            className={at + 1 === markedLine ? 'at-line' : undefined}
            ref={at + 1 === markedLine ? intoSight : undefined}
          >
            {language === 'yaml' ? <YamlLine line={line} /> : line}
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}

function intoSight(line: HTMLLIElement | null): void {
  line?.scrollIntoView({ block: 'center' });
}

const classes = { key: 'k', value: 's', comment: 'c', plain: undefined } as const;

export function YamlLine({ line }: { readonly line: string }): ReactNode {
  return yamlParts(line).map(({ kind, text }, at) =>
    kind === 'plain' ? (
      text
    ) : (
      <span key={at} className={classes[kind]}>
        {text}
      </span>
    ),
  );
}
