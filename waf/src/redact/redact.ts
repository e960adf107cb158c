import { maskCards } from './card-numbers.ts';
import { isAuthorization, isCookieHeader, secretMarks } from './secret-names.ts';

export const mask = '***';

/** How a value follows its name, and where it ends. Sticky: matched right behind the name. */
const forms: readonly { readonly opening: RegExp; readonly value: RegExp }[] = [
  // "name":"value", also in an array
  { opening: /"\s*:\s*\[?\s*"/y, value: /(?:[^"\\]|\\.)*/y },
  // the same inside a JSON string
  { opening: /\\"\s*:\s*\[?\s*\\"/y, value: /(?:[^"\\]|\\(?!")[^]|\\\\\\")*/y },
  // a multipart field
  {
    opening: /\\?"(?:(?!\\r\\n\\r\\n|\r\n\r\n)[^]){0,200}?(?:\\r\\n\\r\\n|\r\n\r\n)/y,
    value: /(?:(?!\\r|\\n)[^\r\n"])*/y,
  },
  // against variable `ARGS:name' (Value: `value' )
  { opening: /' \(Value: `/y, value: /(?:(?!' \)|\\?")[^\r\n])*/y },
  // <name>value<
  { opening: />(?=[^<\s])/y, value: /[^<"\r\n]*/y },
  // a parameter, or a cookie on its own
  { opening: /(?:=|%3[dD])/y, value: /(?:[^&;\s"'`<>\\,)]|\\x[0-9a-fA-F]{2})*/y },
  // a header line, and what a rule says of the variable that it looked into
  { opening: /: ?/y, value: /(?:(?!\\[rn])(?:[^"\\\r\n]|\\.))*/y },
];

/**
 * Masks what must not be kept: credentials, cookies' values, passwords, tokens, card numbers, wherever a record or an access
 * line has them, in any dialect. Names and schemes stay.
 */
export function redact(text: string): string {
  const masked = maskSecrets(text);
  return maskCards(maskEvidence(masked));
}

function maskSecrets(text: string): string {
  const marks = secretMarks();
  let out = '';
  let copied = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const found = secretAt(text, mark.index, mark[0]);
    if (!found || found.from < copied) continue;
    out += text.slice(copied, found.from) + found.replacement;
    copied = found.to;
    marks.lastIndex = Math.max(found.to, mark.index + 1);
  }
  return copied === 0 ? text : out + text.slice(copied);
}

interface Secret {
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

const nameRest = /[\w.\-[\]]*/y;
const nameBefore = /[\w.-]*$/;
const jwt = /eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)?/y;
const credential = /(?:bearer|basic) +([\w.~+/=-]{6,})/iy;

function secretAt(text: string, at: number, mark: string): Secret | null {
  if (mark === 'eyJ') return wholeMatch(jwt, text, at, 0);
  if (mark.endsWith(' ')) return wholeMatch(credential, text, at, mark.length);
  nameRest.lastIndex = at + mark.length;
  const end = at + mark.length + (nameRest.exec(text)?.[0].length ?? 0);
  for (const { opening, value } of forms) {
    opening.lastIndex = end;
    const head = opening.exec(text);
    if (!head) continue;
    const from = end + head[0].length;
    value.lastIndex = from;
    const length = value.exec(text)?.[0].length ?? 0;
    if (length === 0) return null;
    const name = (nameBefore.exec(text.slice(Math.max(0, at - 40), at))?.[0] ?? '') + text.slice(at, end);
    return { from, to: from + length, replacement: maskValue(name, text.slice(from, from + length), head[0]) };
  }
  return null;
}

function wholeMatch(pattern: RegExp, text: string, at: number, keep: number): Secret | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match && { from: at + keep, to: at + match[0].length, replacement: mask };
}

/** Cookies keep their names and attributes, credentials their scheme. */
function maskValue(name: string, value: string, opening: string): string {
  if (value === mask) return value;
  if (isCookieHeader(name) && !opening.includes('='))
    return /^set-/i.test(name)
      ? value.replace(/^([^=;]*=)[^;]*/, `$1${mask}`)
      : value.replace(/([^=;]*=)[^;]*/g, `$1${mask}`);
  const scheme = isAuthorization(name) ? /^([A-Za-z][\w-]*) +/.exec(value)?.[0] : undefined;
  return scheme === undefined ? mask : `${scheme}${mask}`;
}

const evidence =
  /Matched Data: ((?:(?! found within )[^]){0,4000}?) found within (?:REQUEST_COOKIES:|(?:REQUEST_HEADERS|ARGS|ARGS_POST|ARGS_GET|XML|FILES|REQUEST_COOKIES_NAMES)[^\s"]*?(?:authorization|cookie|passw|passphrase|passcode|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|session|jwt|csrf|xsrf|card[-_]?n|cvv|cvc))/gi;

/** What matched inside a secret is part of the secret. */
function maskEvidence(text: string): string {
  if (!text.includes(mask) || !text.includes('Matched Data: ')) return text;
  return text.replace(evidence, (whole, matched: string) =>
    matched === '' ? whole : `Matched Data: ${mask}${whole.slice('Matched Data: '.length + matched.length)}`,
  );
}
