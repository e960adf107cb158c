import type { JsonValue } from '../src/source/json.ts';
import { generateObject } from './generate.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';

/** A text for the reader: a policy as YAML or JSON, then torn and patched in a few places. The same for the same seed. */
export function generateText(seed: number): string {
  const random = seeded(seed ^ 0x5bd1e995);
  const documents = Array.from({ length: random.once(4) ? 2 : 1 }, (_, index) =>
    write(generateObject(seed + index * 7919), random),
  );
  let text = documents.join(random.pick(['\n---\n', '---\n', '\n...\n---\n', '\n--- # x\n']));
  const tears = random.once(3) ? 0 : 1 + random.below(4);
  for (let tear = 0; tear < tears; tear++) {
    const at = random.below(text.length + 1);
    const cut = random.below(3) === 0 ? random.below(12) : 0;
    text = text.slice(0, at) + random.pick(patches) + text.slice(at + cut);
  }
  return random.once(10) ? text.replaceAll('\n', '\r\n') : text;
}

const patches = [
  ' ', '  ', '\n', '\n\n', '\t', '\n\t', '-', '- ', ': ', ':', '#', ' #', '"', "'", '[', ']', '{', '}', ',', '&a ', '*a', '!', '!!str ', '!!int ', '!!binary ', '|', '>', '|\n', '>-\n  ', '?', '? ', '%', '%YAML 1.2\n---\n', '@', '`',
  '~', 'null', 'on', '010', '0x', '.inf', '1e999', '\\', '\\u', '\\ud800', '\ud800', '\0', '\uFEFF', '\u2028', '\u0085', '\r', '<<: ', '<<: *a\n', '---', '...', '\n---\n', '\n...\n', '__proto__: ', 'constructor: {}\n', '{{ .Values.x }}', '{{- if }}\n', '$patch: delete\n',
  'x'.repeat(300), '[['.repeat(40), '- '.repeat(40), '{a: '.repeat(40), '*'.repeat(20), '(?:a*)*'.repeat(5), '(a{1000}){1000}', '*.'.repeat(200), 'a.'.repeat(200), '-'.repeat(200), 'kind: List\nitems:\n', 'items: []\n', '\ufffe', '😀',
]; // prettier-ignore

function write(object: Record<string, JsonValue>, random: Random): string {
  if (random.once(4)) return JSON.stringify(object, null, random.pick([0, 1, 2, '\t']));
  return writeYaml(object, random);
}

/** An object as YAML, in styles drawn at random. */
export function writeYaml(object: Record<string, JsonValue>, random: Random): string {
  return `${block(object, 0, random)}\n`;
}

/** YAML in the styles that people and programs write. */
function block(value: JsonValue, indent: number, random: Random): string {
  const pad = ' '.repeat(indent);
  if (Array.isArray(value) && value.length > 0 && !random.once(6)) {
    return value.map((item) => `${pad}-${nested(item, indent + 2, random, ' ')}`).join('\n');
  }
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isMap && Object.keys(value).length > 0 && !random.once(8)) {
    return Object.entries(value)
      .map(([key, item]) => `${pad}${scalar(key, random)}:${nested(item ?? null, indent + 2, random, ' ')}`)
      .join('\n');
  }
  return pad + flow(value, random);
}

function nested(value: JsonValue, indent: number, random: Random, gap: string): string {
  const isFull = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isFull || random.once(8)) return gap + flow(value, random) + (random.once(15) ? ' # a comment' : '');
  return `\n${block(value, indent, random)}`;
}

function flow(value: JsonValue, random: Random): string {
  if (Array.isArray(value)) return `[${value.map((item) => flow(item, random)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${scalar(key, random)}: ${flow(item ?? null, random)}`)
      .join(', ')}}`;
  }
  return typeof value === 'string' ? scalar(value, random) : JSON.stringify(value);
}

function scalar(text: string, random: Random): string {
  const isWord = /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(text);
  if (/^[A-Za-z][\w./-]*$/.test(text) && !isWord && !random.once(5)) return text;
  return random.once(3) && !/[^ -\u{10ffff}]/u.test(text) ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
}
