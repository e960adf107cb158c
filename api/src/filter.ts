/** What a term asks of its field. Values are compared as text except by `compare`. */
export type FilterTest =
  | { readonly kind: 'any-of'; readonly values: readonly string[] }
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'compare'; readonly operator: '>' | '>=' | '<' | '<='; readonly number: number }
  | { readonly kind: 'present' };

export interface FilterTerm {
  readonly field: string;
  readonly negated: boolean;
  readonly test: FilterTest;
}

export interface FilterField {
  readonly kind: 'text' | 'number' | 'choice';
  readonly describe: string;
  readonly choices?: readonly string[];
}
export type FilterFields = Readonly<Record<string, FilterField>>;

export type FilterResult =
  | { readonly ok: true; readonly terms: readonly FilterTerm[] }
  | { readonly ok: false; readonly message: string; readonly offset: number };

interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * Reads the filter language of pages and commands: terms joined by spaces mean *and*. `verdict:DROPPED`, `-verdict:DROPPED`
 * (not), `port:80,443` (any of), `path:~login` (contains), `score:>=5`, `user:*` (present); double quotes around a value
 * with spaces, commas or colons, `\"` and `\\` inside.
 */
export function parseFilter(text: string, fields: FilterFields): FilterResult {
  const terms: FilterTerm[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const head = /^(-?)([A-Za-z][A-Za-z0-9_.-]*):/.exec(text.slice(at));
    if (!head)
      return {
        ok: false,
        offset: at,
        message: `"${firstWord(text, at)}" is not a term: write field:value. ${known(fields)}`,
      };
    const field = head[2] ?? '';
    const spec = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (!spec) return { ok: false, offset: at, message: `There is no field "${field}". ${known(fields)}` };
    const words = readWords(text, at + head[0].length);
    if (!words.ok) return words;
    const test = readTest(words, { field, spec });
    if (typeof test === 'string') return { ok: false, offset: at, message: test };
    terms.push({ field, negated: head[1] === '-', test });
    at = words.end;
  }
  return { ok: true, terms };
}

/** The text that `parseFilter` reads as these terms. */
export function printFilter(terms: readonly FilterTerm[]): string {
  return terms.map((term) => `${term.negated ? '-' : ''}${term.field}:${printTest(term.test)}`).join(' ');
}

function printTest(test: FilterTest): string {
  switch (test.kind) {
    case 'any-of':
      return test.values.map(quote).join(',');
    case 'contains':
      return `~${quote(test.text)}`;
    case 'compare':
      return `${test.operator}${test.number}`;
    case 'present':
      return '*';
    default:
      return test satisfies never;
  }
}

function quote(value: string): string {
  const isPlain = value !== '' && !/[\s,:"\\]/.test(value) && !/^[~><*]/.test(value);
  return isPlain ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

type Words = { readonly ok: true; readonly prefix: string; readonly words: readonly Word[]; readonly end: number };

function readWords(text: string, start: number): Words | Extract<FilterResult, { ok: false }> {
  const prefix = /^(~|>=|<=|>|<)/.exec(text.slice(start))?.[0] ?? '';
  const words: Word[] = [];
  let at = start + prefix.length;
  for (;;) {
    if (text[at] === '"') {
      const closing = readQuoted(text, at);
      if (!closing) return { ok: false, offset: at, message: 'A double quote is not closed.' };
      words.push({ text: closing.text, quoted: true });
      at = closing.end;
    } else {
      const plain = /^[^\s,"]*/.exec(text.slice(at))?.[0] ?? '';
      words.push({ text: plain, quoted: false });
      at += plain.length;
    }
    if (text[at] !== ',') break;
    at += 1;
  }
  if (at < text.length && !/\s/.test(text[at] ?? ''))
    return { ok: false, offset: at, message: 'A space is missing after the closing quote.' };
  return { ok: true, prefix, words, end: at };
}

function readQuoted(text: string, start: number): { text: string; end: number } | null {
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return { text: value, end: at + 1 };
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at += 1;
    value += text[at];
  }
  return null;
}

/** A sentence where the words make no test. */
function readTest(
  { prefix, words }: Words,
  { field, spec }: { field: string; spec: FilterField },
): FilterTest | string {
  if (words.some((word) => word.text === '' && !word.quoted))
    return `"${field}:" has an empty value; write "" for the empty text.`;
  const only = words.length === 1 ? words[0] : undefined;
  if (prefix === '~') return only ? { kind: 'contains', text: only.text } : `"${field}:~" takes one value.`;
  if (prefix !== '') {
    if (spec.kind !== 'number') return `"${field}" cannot be compared with ${prefix}: it is not a number.`;
    const number = only ? Number(only.text) : Number.NaN;
    if (!Number.isFinite(number)) return `"${field}:${prefix}" takes one number.`;
    return { kind: 'compare', operator: prefix as '>' | '>=' | '<' | '<=', number };
  }
  if (only && !only.quoted && only.text === '*') return { kind: 'present' };
  const wrong = spec.choices && words.find((word) => !spec.choices?.includes(word.text));
  if (wrong) return `"${field}" is never "${wrong.text}": it is one of ${spec.choices?.join(', ')}.`;
  const notNumber = spec.kind === 'number' && words.find((word) => !/^-?\d+(\.\d+)?$/.test(word.text));
  if (notNumber) return `"${field}" is a number, not "${notNumber.text}".`;
  return { kind: 'any-of', values: words.map((word) => word.text) };
}

function known(fields: FilterFields): string {
  return `The fields are: ${Object.keys(fields).join(', ')}.`;
}

function firstWord(text: string, at: number): string {
  return /^\S*/.exec(text.slice(at))?.[0] ?? '';
}
