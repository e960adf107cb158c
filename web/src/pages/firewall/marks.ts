export interface Needle {
  /** The number of the rule in the list below. */
  readonly ref: number;
  readonly text: string;
}

export interface MarkedPart {
  readonly text: string;
  /** The rules that matched this part; none for what nothing matched. */
  readonly refs: readonly number[];
  /** The rules whose match ends here. */
  readonly ends: readonly number[];
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly ref: number;
}

/** Cuts a text where matches begin and end. What a rule found is looked for as it is, then without regard to case. */
export function markParts(text: string, needles: readonly Needle[]): readonly MarkedPart[] {
  const ranges = needles.flatMap((needle) => rangeOf(text, needle));
  const edges = [...new Set([0, text.length, ...ranges.flatMap(({ start, end }) => [start, end])])].toSorted(
    (a, b) => a - b,
  );
  return edges.slice(0, -1).flatMap((start, at) => {
    const end = edges[at + 1] ?? text.length;
    const over = ranges.filter((range) => range.start <= start && range.end >= end);
    const refs = [...new Set(over.map(({ ref }) => ref))];
    const ends = [...new Set(over.filter((range) => range.end === end).map(({ ref }) => ref))];
    return start === end ? [] : [{ text: text.slice(start, end), refs, ends }];
  });
}

function rangeOf(text: string, { ref, text: wanted }: Needle): readonly Range[] {
  if (wanted === '') return [];
  const exact = text.indexOf(wanted);
  const start = exact === -1 ? text.toLowerCase().indexOf(wanted.toLowerCase()) : exact;
  return start === -1 ? [] : [{ start, end: start + wanted.length, ref }];
}

/** Percent signs read, plus signs as spaces behind the question mark; what cannot be decoded stays as it was sent. */
export function decodeUri(uri: string): string {
  const [path = '', ...query] = uri.split('?');
  return [decodePart(path), ...(query.length > 0 ? [decodePart(query.join('?').replaceAll('+', ' '))] : [])].join('?');
}

function decodePart(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

/** Where in the request a variable of a rule lies. */
export function placeOfVariable(
  variable: string | null,
): { kind: 'line' | 'body' | 'anywhere' } | { kind: 'header'; name: string } {
  const [name = '', key = ''] = (variable ?? '').split(/:(.*)/s);
  if (/^REQUEST_(HEADERS|COOKIES)/.test(name))
    return { kind: 'header', name: name.startsWith('REQUEST_COOKIES') ? 'cookie' : key.toLowerCase() };
  if (/^(REQUEST_(URI|LINE|FILENAME|BASENAME|METHOD|PROTOCOL)|QUERY_STRING|ARGS_GET)/.test(name))
    return { kind: 'line' };
  if (/^(REQUEST_BODY|ARGS_POST|FILES|XML|JSON|MULTIPART)/.test(name)) return { kind: 'body' };
  return { kind: 'anywhere' };
}
