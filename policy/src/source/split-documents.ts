/** Where one document of a stream stands. */
export interface DocumentText {
  readonly start: number;
  readonly end: number;
}

const separator = /^\uFEFF?---(?=[ \t\r\n]|$)/gm;
const prologue = /^(?:\uFEFF?(?:[ \t]*(?:#.*)?|%.*)(?:\r\n|\r|\n|$))*$/;

/**
 * Cuts at the lines that begin with `---`, as `kubectl` does, so that a broken document does not hide the others. What
 * holds only comments and directives belongs to the document behind it.
 */
export function splitDocuments(text: string): readonly DocumentText[] {
  const documents: DocumentText[] = [];
  let start = 0;
  for (const match of text.matchAll(separator)) {
    if (match.index === start || startsWithDirective(text, start, match.index)) continue;
    documents.push({ start, end: match.index });
    start = match.index;
  }
  documents.push({ start, end: text.length });
  return documents;
}

function startsWithDirective(text: string, start: number, end: number): boolean {
  const percent = text.indexOf('%', start);
  if (percent < 0 || percent >= end) return false;
  return end - start < 10_000 && prologue.test(text.slice(start, end));
}
