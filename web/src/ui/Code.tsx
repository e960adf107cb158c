import type { ReactNode } from 'react';
import { ScrollRegion } from './ScrollRegion.tsx';
import { yamlParts } from './yaml-parts.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly language?: 'yaml' | 'plain';
  readonly hasLines?: boolean;
  readonly wraps?: boolean;
}

/** Text as it is, never as markup; lines numbered and YAML coloured where asked. */
export function Code({ label, text, language = 'plain', hasLines = false, wraps = false }: Props): ReactNode {
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <ScrollRegion label={label} className={['code', hasLines && 'lines', wraps && 'wrap'].filter(Boolean).join(' ')}>
      <ol>
        {lines.map((line, at) => (
          <li key={at}>{language === 'yaml' ? <YamlLine line={line} /> : line}</li>
        ))}
      </ol>
    </ScrollRegion>
  );
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
