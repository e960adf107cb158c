export interface CodePart {
  readonly kind: 'key' | 'value' | 'comment' | 'plain';
  readonly text: string;
}

/** One line of YAML in parts to colour. Reading only: what it does not understand is plain. */
export function yamlParts(line: string): readonly CodePart[] {
  const comment = /^(\s*)(#.*)$/.exec(line);
  if (comment) return parts(['plain', comment[1]], ['comment', comment[2]]);
  const pair = /^(\s*(?:- )*)("[^"]*"|'[^']*'|[^\s#:"'][^#:]*(?::[^\s:][^:]*)*)(:)(?:(\s+)(.*))?$/.exec(line);
  if (pair)
    return parts(['plain', pair[1]], ['key', pair[2]], ['plain', pair[3]], ['plain', pair[4]], ...valueParts(pair[5]));
  const item = /^(\s*(?:- )+)(.*)$/.exec(line);
  return item ? parts(['plain', item[1]], ...valueParts(item[2])) : parts(...valueParts(line));
}

/** Lines that follow each other: a text over several lines, begun by `|` or `>`, is a value and nothing else. */
export function colouredLines(lines: readonly string[]): readonly (readonly CodePart[])[] {
  let within: number | null = null;
  return lines.map((line) => {
    const indent = line.search(/\S/);
    if (within !== null && (indent === -1 || indent > within)) return parts(['value', line]);
    within = /(?:^|[\s:-])[|>][-+0-9]*\s*$/.test(line) && !/^\s*#/.test(line) ? indent : null;
    return yamlParts(line);
  });
}

type Raw = readonly [CodePart['kind'], string | undefined];

function valueParts(text: string | undefined): readonly Raw[] {
  const trailing = /^(.*?)(\s#.*)$/.exec(text ?? '');
  const isQuoted = /^["']/.test(text ?? '');
  return trailing && !isQuoted
    ? [
        ['value', trailing[1]],
        ['comment', trailing[2]],
      ]
    : [['value', text]];
}

function parts(...raw: readonly Raw[]): readonly CodePart[] {
  return raw.flatMap(([kind, text]) => (text ? [{ kind, text }] : []));
}
