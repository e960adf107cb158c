import type { ReactNode } from 'react';

/** A sentence in which `backticks` stand around what a machine reads. */
export function InlineCode({ text }: { readonly text: string }): ReactNode {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return text;
  return parts.map((part, at) => (at % 2 === 1 ? <code key={at}>{part}</code> : part));
}
