import { resolvePlain } from '../source/scalars.ts';

/** Words and forms that some YAML reader takes for something other than text (YAML 1.1 and 1.2, go-yaml, PyYAML). */
const ambiguous = /^(?:~|null|y|n|yes|no|on|off|true|false|<<|=|[-+.]?(?:inf|nan)|[-+.0-9].*)$/i;
const safePlain = /^[A-Za-z_/][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./()-]+)*$/;
const address = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?:\/[0-9]{1,2})$/;

/** Whether text may stand without quotes and is text to every reader, in block and in flow style. */
export function isSafePlain(text: string): boolean {
  if (address.test(text)) return true;
  return safePlain.test(text) && !ambiguous.test(text) && resolvePlain(text).ok && typeof plainValue(text) === 'string';
}

function plainValue(text: string): unknown {
  const resolved = resolvePlain(text);
  return resolved.ok ? resolved.value : undefined;
}

export type Quotes = 'as-needed' | 'single' | 'double';

/** A scalar on one line. Numbers, booleans and null stay what they are. */
export function scalarText(value: null | boolean | number | string, quotes: Quotes = 'as-needed'): string {
  if (typeof value !== 'string') return String(value);
  if (quotes === 'as-needed' && isSafePlain(value)) return value;
  return quotes === 'single' && canBeSingleQuoted(value) ? `'${value.replaceAll("'", "''")}'` : doubleQuoted(value);
}

function canBeSingleQuoted(text: string): boolean {
  return /^[\u0020-\u007e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text);
}

/** JSON's escapes are YAML's too. */
function doubleQuoted(text: string): string {
  return escapeSeparators(JSON.stringify(text));
}

/** Line separators, the byte order mark and DEL in double quotes: older readers take them for line ends, or drop them. */
export function escapeSeparators(text: string): string {
  return text.replace(separators, escape);
}

const separators = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
