/** What one scalar is: as `kubectl` resolves it, or why it cannot be read. */
export type Resolved =
  | { readonly ok: true; readonly value: null | boolean | number | string }
  | { readonly ok: false; readonly reason: string };

const words: ReadonlyMap<string, null | boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);

const notFinite = /^(?:\.nan|\.NaN|\.NAN|[-+]?(?:\.inf|\.Inf|\.INF))$/;
const decimal = /^[-+]?[0-9]+$/;
const prefixed = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const dottedFloat = /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/;

/**
 * A plain scalar's value by the rules of go-yaml v2, which `kubectl` reads YAML with: YAML 1.1's words, octal `010`
 * and `0o10`, `1_000`; but no sexagesimal numbers, and dates stay strings.
 */
export function resolvePlain(text: string): Resolved {
  const word = words.get(text);
  if (word !== undefined) return { ok: true, value: word };
  const first = text.charCodeAt(0);
  const isDigit = first >= 48 && first <= 57;
  if (!isDigit && first !== 43 && first !== 45 && first !== 46) return { ok: true, value: text };
  if (notFinite.test(text)) return { ok: false, reason: `${text} is a number that JSON cannot hold: quote it` };
  if (first === 46) return { ok: true, value: (dottedFloat.test(text) ? finite(text) : undefined) ?? text };
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  return { ok: true, value: integer(digits) ?? (float.test(digits) ? finite(digits) : undefined) ?? text };
}

function integer(digits: string): number | undefined {
  const leadingZero = /^[-+]?0[0-9]/.test(digits);
  if (decimal.test(digits) && !leadingZero) return finite(digits);
  const match = prefixed.exec(digits);
  if (match === null) return undefined;
  const [, sign = '', body = ''] = match;
  const octal = /^0[0-7]/.test(body) ? `0o${body.slice(1)}` : body.toLowerCase();
  const magnitude = BigInt(octal);
  const limit = sign === '-' ? 2n ** 63n : 2n ** 64n - 1n;
  if (magnitude > limit) return undefined;
  return zeroless(sign === '-' ? -Number(magnitude) : Number(magnitude));
}

function finite(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? zeroless(value) : undefined;
}

/** JSON written by Go keeps no minus before a zero integer. */
function zeroless(value: number): number {
  return value === 0 ? 0 : value;
}

const longPrefix = 'tag:yaml.org,2002:';

/** A scalar with an explicit tag. Tags that are not YAML's own leave a string. */
export function resolveTagged(text: string, tag: string): Resolved {
  const name = tag.startsWith(longPrefix) ? `!!${tag.slice(longPrefix.length)}` : tag;
  if (name === '!!binary') return { ok: false, reason: '`!!binary` is not read here: write the text itself' };
  const wanted = wantedTypes.get(name);
  if (wanted === undefined) return { ok: true, value: text };
  const resolved = resolvePlain(text);
  if (!resolved.ok || wanted(resolved.value)) return resolved;
  return { ok: false, reason: `${JSON.stringify(text)} is not a value of ${name}` };
}

const wantedTypes: ReadonlyMap<string, (value: null | boolean | number | string) => boolean> = new Map([
  ['!!bool', (value) => typeof value === 'boolean'],
  ['!!int', (value) => typeof value === 'number' && Number.isInteger(value)],
  ['!!float', (value) => typeof value === 'number'],
  ['!!null', (value) => value === null],
]);
