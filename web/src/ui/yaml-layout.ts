/** Where the line after this one begins: in its map, below its key, or beside its list. */
export function indentAfter(line: string): number {
  const lead = /^\s*(?:-\s+)*(?:-$)?/.exec(line)?.[0] ?? '';
  const content = line
    .slice(lead.length)
    .replace(/(?:^|\s)#.*$/, '')
    .trimEnd();
  if (/(?:^|[^\s:]):(?:\s+[|>][-+0-9]*)?$/.test(content) || /[[{]$/.test(content)) return lead.length + 2;
  const isInMap = /^(?:"[^"]*"|'[^']*'|[^\s#"'][^#]*?):\s/.test(content);
  return isInMap || !lead.includes('-') ? lead.length : lead.indexOf('-');
}

/**
 * Where what stands below a line ends: before the next line that is not further in; null where nothing does. A list may
 * stand as far out as its key. By indentation alone: what is between is passed over, not read.
 */
export function blockEnd(text: string, from: number, to: number): number | null {
  const line = text.slice(from, to);
  const indent = line.search(/\S/);
  if (indent === -1 || line.startsWith('---')) return null;
  const below = text.slice(to).search(endOf(indent, /^\s*[^\s-].*:\s*(?:#.*)?$/.test(line)));
  const end = text.slice(0, below === -1 ? text.length : to + below).trimEnd().length;
  return end > to ? end : null;
}

/** The lines under which something stands, with the last line of it; both from 0. */
export function blocksOf(text: string): ReadonlyMap<number, number> {
  const blocks = new Map<number, number>();
  let from = 0;
  for (const [at, line] of text.split('\n').entries()) {
    const to = from + line.length;
    const end = blockEnd(text, from, to);
    if (end !== null) blocks.set(at, at + text.slice(to, end).split('\n').length - 1);
    from = to + 1;
  }
  return blocks;
}

/** The line break before the first line that is no more inside. */
function endOf(indent: number, isKey: boolean): RegExp {
  if (!isKey) return new RegExp(`\\n {0,${indent}}\\S`);
  const further = indent === 0 ? '' : ` {0,${indent - 1}}\\S|`;
  return new RegExp(`\\n(?:${further} {${indent}}(?!-(?:\\s|$))\\S)`);
}
