/** One change of a text: what stands from `start` to `end` becomes `text`. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Patches must not overlap; of those at the same place the earlier in the list comes first. */
export function applyPatches(text: string, patches: readonly Patch[]): string {
  const ordered = patches.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const patch of ordered) {
    if (patch.start < at) throw new Error(`Two changes of the text overlap at ${patch.start}`);
    parts.push(text.slice(at, patch.start), patch.text);
    at = patch.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

export function insertion(at: number, text: string): Patch {
  return { start: at, end: at, text };
}

export function removal(start: number, end: number): Patch {
  return { start, end, text: '' };
}
