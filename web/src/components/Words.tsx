import type { PolicyWords } from '@bartizan/api';
import { memo } from 'react';
import type { ReactNode } from 'react';

type Sentence = PolicyWords['summary'];

/** A policy in plain sentences: what it does as a whole, each rule, and what surprises people. */
export function Words({ words }: { readonly words: PolicyWords }): ReactNode {
  return (
    <div className="words">
      {words.summary.length > 0 && (
        <p>
          <Parts sentence={words.summary} />
        </p>
      )}
      {words.rules.length > 0 && (
        <ul>
          {words.rules.map((sentence, at) => (
            <li key={at}>
              <Parts sentence={sentence} />
            </li>
          ))}
        </ul>
      )}
      {words.notes.map((sentence, at) => (
        <p key={at} className="small quiet">
          <Parts sentence={sentence} />
        </p>
      ))}
    </div>
  );
}

/** Drawn anew only when it says something else: there may be hundreds. */
const Parts = memo(function Parts({ sentence }: { readonly sentence: Sentence }): ReactNode {
  return sentence.map(({ kind, text }, at) => (kind === 'text' ? text : <code key={at}>{text}</code>));
});
