import type { ReactNode } from 'react';
import { markParts } from './marks.ts';
import type { Needle } from './marks.ts';
import type { SpannedText } from './request-spans.ts';

/** Text with what the rules found in it. Text, never markup: log content is hostile. */
export function Marked({ of, needles }: { readonly of: SpannedText; readonly needles: readonly Needle[] }): ReactNode {
  return markParts(of, needles).map((part, at) =>
    part.refs.length === 0 ? (
      part.text
    ) : (
      <span key={at}>
        <mark className={part.refs.length > 1 ? 'deep' : undefined}>{part.text}</mark>
        {part.ends.map((ref) => (
          <span key={ref} className="ref">
            {ref}
          </span>
        ))}
      </span>
    ),
  );
}
