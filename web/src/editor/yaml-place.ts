/** Where a cursor stands in YAML of block style, by indentation alone: it works also while the text is broken. */
export interface YamlPlace {
  /** Keys from the top to the map or list that the cursor is in; places in lists are left out. */
  readonly path: readonly string[];
  /** What is typed before the cursor, of the key or the value. */
  readonly typed: string;
  readonly at: 'key' | 'value' | 'item';
  /** Of a value. */
  readonly key: string | null;
}

const keyPattern = /^([\w.:/$-]+|"[^"]*"|'[^']*'):(?=\s|$)/;

export function placeAt(lines: readonly string[], line: number, column: number): YamlPlace | null {
  const before = (lines[line] ?? '').slice(0, column);
  if (/(^|\s)#/.test(before)) return null;
  const { indent, content, isItem } = startOf(before);
  const path = parentsOf(lines, line, indent);
  const key = keyPattern.exec(content)?.[1];
  if (key !== undefined)
    return { path, typed: content.slice(key.length + 1).trimStart(), at: 'value', key: unquoted(key) };
  if (!/^[\w./:-]*$/.test(content)) return null;
  return { path, typed: content, at: isItem ? 'item' : 'key', key: null };
}

/** The key that stands at a column, with its parents; null where none does. */
export function keyAt(lines: readonly string[], line: number, column: number): readonly string[] | null {
  const { indent, content } = startOf(lines[line] ?? '');
  const key = keyPattern.exec(content)?.[1];
  if (key === undefined || column < indent || column > indent + key.length) return null;
  return [...parentsOf(lines, line, indent), unquoted(key)];
}

function unquoted(key: string): string {
  return key.replace(/^["']|["']$/g, '');
}

/** What a line says behind its indentation and its dashes. */
function startOf(line: string): { readonly indent: number; readonly content: string; readonly isItem: boolean } {
  const lead = /^\s*(?:-\s+)*(?:-$)?/.exec(line)?.[0] ?? '';
  return { indent: lead.length, content: line.slice(lead.length), isItem: lead.includes('-') };
}

function parentsOf(lines: readonly string[], line: number, indent: number): readonly string[] {
  const path: string[] = [];
  let limit = indent;
  for (let at = line - 1; at >= 0 && limit > 0; at -= 1) {
    const text = lines[at] ?? '';
    if (text.startsWith('---')) break;
    if (isFurtherIn(text, limit)) continue;
    const { indent: own, content } = startOf(text);
    const key = keyPattern.exec(content)?.[1];
    if (key === undefined || own >= limit) continue;
    path.unshift(unquoted(key));
    limit = own;
  }
  return path;
}

/** Most lines between a place and its parents are: they are passed over without a closer look. */
function isFurtherIn(line: string, limit: number): boolean {
  for (let at = 0; at < limit; at += 1) if (line[at] !== ' ') return false;
  return true;
}

/** The kind that a text says it is of. */
export function kindIn(lines: readonly string[]): string {
  for (const line of lines) {
    const kind = /^kind:\s*(\w+)/.exec(line)?.[1];
    if (kind !== undefined) return kind;
  }
  return '';
}
