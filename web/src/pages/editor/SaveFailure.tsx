import { ApiError } from '@bartizan/api';
import type { ReactNode } from 'react';
import { failureOf } from '../../queries/failure.ts';
import { Note } from '../../ui/Note.tsx';

/** Why a write did not happen, and that the text is still there. */
export function SaveFailure({ error }: { readonly error: Error }): ReactNode {
  const { title, detail } = failureOf(error);
  const isAnswered = error instanceof ApiError;
  return (
    <Note
      tone="danger"
      isLive
      title={isAnswered ? `Nothing was written. ${title}.` : 'It is not known whether it was written.'}
    >
      {isAnswered
        ? sentence(detail)
        : `${title}. The cluster may have got it before the answer was lost: the list will tell.`}{' '}
      Your text is kept.
    </Note>
  );
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}
