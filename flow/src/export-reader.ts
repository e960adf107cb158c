import { readExportLine, readExportValue } from './export-line.ts';
import type { ExportEntry } from './export-line.ts';

/** Takes an export line by line, also where one object spans several lines or all objects are one list. */
export interface ExportReader {
  line(text: string): readonly ExportEntry[];
  /** What is left when the text has ended. */
  end(): readonly ExportEntry[];
}

const opensObject = /^(\s*)(?:\[\s*)?\{\s*$/;
const punctuation = /^\s*[[\],]*\s*$/;
const maxLines = 100_000;

export function createExportReader(): ExportReader {
  let open: { readonly indent: string; readonly lines: string[] } | undefined;

  function take(text: string): readonly ExportEntry[] {
    const opening = opensObject.exec(text);
    if (opening !== null) {
      open = { indent: opening[1] ?? '', lines: ['{'] };
      return [];
    }
    if (punctuation.test(text)) return [];
    return readExportLine(isListItem(text) ? withoutListMarks(text) : text);
  }

  function close(lines: readonly string[]): readonly ExportEntry[] {
    open = undefined;
    try {
      return readExportValue(JSON.parse(lines.join('\n')));
    } catch {
      return [{ kind: 'broken', reason: 'cut: the object does not end' }];
    }
  }

  return {
    line(text) {
      if (open === undefined) return take(text);
      const { indent, lines } = open;
      const isNext = text.startsWith(`${indent}{`) || text.startsWith('{');
      if (isNext || lines.length > maxLines) return [...close(lines), ...take(text)];
      if (!text.startsWith(`${indent}}`)) {
        lines.push(text);
        return [];
      }
      return close([...lines, '}']);
    },
    end: () => (open === undefined ? [] : close(open.lines)),
  };
}

/** One line of a list written with an object a line: `[{…},`, `{…},`, `,{…}` or `{…}]`. */
function isListItem(text: string): boolean {
  const line = text.trim();
  const [first, last] = [line[0], line.at(-1)];
  if (first === '[' && last === ']') return false;
  return (first === '[' && line[1] === '{') || first === ',' || (first === '{' && (last === ',' || last === ']'));
}

function withoutListMarks(text: string): string {
  return text
    .trim()
    .replace(/^[[,]\s*/, '')
    .replace(/\s*[\],]+$/, '');
}
