/** Where the line that holds `at` begins; a byte order mark does not belong to the line. */
export function lineStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !isBreakAt(text, start - 1)) start--;
  return text.charCodeAt(start) === 0xfeff ? start + 1 : start;
}

/** Where the line that holds `at` ends, before its line end. */
export function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBreakAt(text, end)) end++;
  return end;
}

function isBreakAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

export function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** The line end in use around `at`. */
export function lineBreakNear(text: string, at: number): string {
  const before = text.lastIndexOf('\n', at - 1);
  const found = at > 0 && before >= 0 ? before : text.indexOf('\n', at);
  if (found < 0) return text.includes('\r') ? '\r' : '\n';
  return text.charAt(found - 1) === '\r' ? '\r\n' : '\n';
}

/** Where the line end before `lineAt`, the beginning of a line, begins. */
export function breakBefore(text: string, lineAt: number): number {
  if (lineAt === 0) return 0;
  const isPair = text.charAt(lineAt - 1) === '\n' && text.charAt(lineAt - 2) === '\r';
  return lineAt - (isPair ? 2 : 1);
}

/** Whether only blanks stand before `at` on its line. */
export function isFirstOnLine(text: string, at: number): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, at), at));
}

/** Whether only blanks and a comment stand behind `at` on its line. */
export function isLastOnLine(text: string, at: number): boolean {
  return /^[ \t]*(?:[ \t]#.*)?$/.test(text.slice(at, lineEnd(text, at)));
}
