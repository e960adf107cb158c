export type PartKind =
  | 'text'
  | 'selector'
  | 'namespace'
  | 'cluster'
  | 'port'
  | 'icmp'
  | 'cidr'
  | 'cidr-group'
  | 'entity'
  | 'node'
  | 'name'
  | 'service'
  | 'group'
  | 'request'
  | 'field';

/** A piece of a sentence: `text` is glue between the pieces that mean something. */
export interface Part {
  readonly kind: PartKind;
  readonly text: string;
}

export type Phrase = readonly Part[];

/**
 * What a sentence is about. `status`: the policy as a whole; `isolation`: what happens to connections no rule names;
 * `allow`, `deny`, `no-effect`: one rule; `note`: what surprises people; `not-understood`: we cannot say.
 */
export type SentenceRole = 'status' | 'isolation' | 'allow' | 'deny' | 'no-effect' | 'note' | 'not-understood';

export interface Sentence {
  readonly role: SentenceRole;
  /** The part of the manifest that says so. */
  readonly path: string;
  readonly parts: Phrase;
}

/** What one `spec`, or one entry of `specs`, does. */
export interface SpecWords {
  readonly path: string;
  /** A noun phrase: "pods with app=web in namespace shop". */
  readonly subject: Phrase;
  readonly isEnabled: boolean;
  readonly summary: readonly Sentence[];
  /** Allow and deny rules, in the order of the manifest. */
  readonly rules: readonly Sentence[];
  readonly notes: readonly Sentence[];
}

export interface PolicyWords {
  readonly kind: string;
  /** Empty where the manifest names none. */
  readonly namespace: string;
  readonly name: string;
  readonly status: readonly Sentence[];
  readonly specs: readonly SpecWords[];
}

export function part(kind: PartKind, text: string): Part {
  return { kind, text };
}

/** Writes a phrase: plain text with parts between. Neighbouring text is joined. */
export function say(strings: TemplateStringsArray, ...inserts: readonly (Part | Phrase | string)[]): Phrase {
  const parts: Part[] = [];
  const push = (added: Part): void => {
    const last = parts.at(-1);
    if (added.text === '') return;
    if (added.kind === 'text' && last?.kind === 'text') parts[parts.length - 1] = part('text', last.text + added.text);
    else parts.push(added);
  };
  strings.forEach((string, index) => {
    push(part('text', string));
    const insert = inserts[index];
    if (insert === undefined) return;
    if (typeof insert === 'string') push(part('text', insert));
    else if ('kind' in insert) push(insert);
    else insert.forEach(push);
  });
  return parts;
}

const longestList = 60;

/** `a, b and c`; of a very long list the beginning and how many more there are. */
export function list(phrases: readonly Phrase[], word: 'and' | 'or' = 'and'): Phrase {
  const shown = phrases.length > longestList ? phrases.slice(0, longestList) : phrases;
  const more = phrases.length - shown.length;
  const all = more > 0 ? [...shown, say`${String(more)} more`] : shown;
  return all.reduce(
    (sentence, phrase, index) => {
      if (index === 0) return phrase;
      return index === all.length - 1 ? say`${sentence} ${word} ${phrase}` : say`${sentence}, ${phrase}`;
    },
    say``,
  );
}

export function phraseText(phrase: Phrase): string {
  return phrase.map(({ text }) => text).join('');
}

/** Line ends, terminal controls and marks that turn the direction of text: they would let a value pose as something else. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

function printable(text: string): string {
  return text.replace(controls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The whole description as plain text, one sentence a line. */
export function toText(words: PolicyWords): string {
  const place = words.namespace === '' ? words.name : `${words.namespace}/${words.name}`;
  const lines = [`${words.kind} ${place}`, ...words.status.map((sentence) => `  ${phraseText(sentence.parts)}`)];
  for (const spec of words.specs) {
    if (words.specs.length > 1) lines.push(`  ${spec.path}:`);
    const sentences = [...spec.summary, ...spec.rules, ...spec.notes];
    const isListed = (sentence: Sentence): boolean => spec.rules.includes(sentence);
    for (const sentence of sentences) lines.push(`  ${isListed(sentence) ? '- ' : ''}${phraseText(sentence.parts)}`);
  }
  return `${lines.map(printable).join('\n')}\n`;
}
