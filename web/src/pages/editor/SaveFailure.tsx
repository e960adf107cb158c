import type { ReactNode } from 'react';
import { writeFailure } from '../../queries/failure.ts';
import { Note } from '../../ui/Note.tsx';

/** What became of a write that failed, and that the text is still there. */
export function SaveFailure({ error }: { readonly error: Error }): ReactNode {
  const { title, detail } = writeFailure(error);
  return (
    <Note tone="danger" isLive title={title}>
      {sentence(detail)} Your text is kept.
    </Note>
  );
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`;
}
