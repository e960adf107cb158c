import type { Extension } from '@codemirror/state';

/** Completion and words for the fields of a policy. */
export function fieldHelp(): Extension {
  return [];
}
