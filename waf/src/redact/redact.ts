import { maskCards, mayHoldCards } from './card-numbers.ts';
import { isAuthorization, isCookieHeader, secretMarks } from './secret-names.ts';

export const mask = '***';

interface Form {
  /** Between name and value. Sticky: matched right behind the name. */
  readonly opening: RegExp;
  /** Characters that it may begin with. */
  readonly first: string;
  /** What may end the value; single steps, because a pattern that repeats a choice overflows on a long value. */
  readonly stop: RegExp;
  isEnd(found: string): boolean;
  /** What must stand before the name. */
  readonly before?: RegExp;
}

/** How a value follows its name, and where it ends. */
const forms: readonly Form[] = [
  // "name":"value", also in an array
  { opening: /"\s*:\s*\[?\s*"/y, first: '"', stop: /\\[^]|"/g, isEnd: (found) => found === '"' },
  // the same inside a JSON string
  {
    opening: /\\"\s*:\s*\[?\s*\\"/y,
    first: '\\',
    stop: /\\\\\\\\|\\\\\\"|\\[^]|"/g,
    isEnd: (found) => /^\\?"$/.test(found),
  },
  // a multipart field
  {
    opening: /\\?"(?:(?!\\r\\n\\r\\n|\r\n\r\n)[^]){0,200}?(?:\\r\\n\\r\\n|\r\n\r\n)/y,
    first: '\\"',
    stop: /\\[^]|[\r\n"]/g,
    isEnd: isEndOfText,
    before: /name=\\?"[^"]{0,40}$/,
  },
  // against variable `ARGS:name' (Value: `value' )
  { opening: /' \(Value: `/y, first: "'", stop: /' \)|\\[^]|["\r\n]/g, isEnd: isEndOfText },
  // <name>value<
  { opening: />(?=[^<\s])/y, first: '>', stop: /\\[^]|[<"\r\n]/g, isEnd: isEndOfText },
  // a parameter, or a cookie on its own
  {
    opening: /(?:=|%3[dD])/y,
    first: '=%',
    stop: /\\x[0-9a-fA-F]{2}|[&;\s"'`<>\\,)]/g,
    isEnd: (found) => found.length === 1,
  },
  // a header line, and what a rule says of the variable that it looked into
  { opening: /: ?/y, first: ':', stop: /\\[^]|["\r\n]/g, isEnd: (found) => !/^\\[^rn]/.test(found) },
];

/** Escapes are passed over as pairs, so that what is masked never ends inside one. */
function isEndOfText(found: string): boolean {
  return !/^\\[^rn"]/.test(found);
}

function endOfValue(text: string, from: number, { stop, isEnd }: Form): number {
  stop.lastIndex = from;
  for (let found = stop.exec(text); found; found = stop.exec(text)) if (isEnd(found[0])) return found.index;
  return text.length;
}

/**
 * Masks what must not be kept: credentials, cookies' values, passwords, tokens, card numbers, wherever a record or an access
 * line has them, in any dialect. Names and schemes stay.
 */
export function redact(text: string): string {
  const { masked, hasEvidence } = maskSecrets(text, text.length);
  return maskCards(hasEvidence ? maskEvidence(masked) : masked);
}

/** What `redact` makes of the text up to `end`, where a string begins or ends; null where what is masked reaches beyond. */
export function redactUpTo(text: string, end: number): string | null {
  const { masked, hasEvidence, to } = maskSecrets(text, end);
  return hasEvidence || to > end ? null : maskCards(masked);
}

/** Parts of a text: of each where it begins and, behind its last character, where it ends. */
export type TextSpans = readonly number[];

/** So many characters behind a part may belong to a mark that begins in it. */
const lookAhead = 3;

/** Whether `redact` would mask anything that begins in one of these parts; true also where that cannot be told quickly. */
export function mayHoldSecrets(text: string, spans: TextSpans): boolean {
  let joined = '';
  for (let at = 0; at < spans.length; at += 2) joined += text.slice(spans[at], (spans[at + 1] ?? 0) + lookAhead);
  if (mayHoldCards(joined)) return true;
  const marks = secretMarks();
  for (let mark = marks.exec(joined); mark; mark = marks.exec(joined)) {
    if (secretAt(text, placeOf(mark.index, spans), mark[0])) return true;
    marks.lastIndex = mark.index + 1;
  }
  return false;
}

/** Where in the text it stands what stands at `at` of its joined parts. */
function placeOf(at: number, spans: TextSpans): number {
  let rest = at;
  for (let index = 0; index < spans.length; index += 2) {
    const from = spans[index] ?? 0;
    const size = (spans[index + 1] ?? 0) + lookAhead - from;
    if (rest < size) return from + rest;
    rest -= size;
  }
  throw new Error('beyond the parts');
}

function maskSecrets(
  text: string,
  end: number,
): { readonly masked: string; readonly hasEvidence: boolean; readonly to: number } {
  const marks = secretMarks();
  const searched = end < text.length ? text.slice(0, end) : text;
  let out = '';
  let copied = 0;
  let hasEvidence = false;
  for (let mark = marks.exec(searched); mark; mark = marks.exec(searched)) {
    const found = secretAt(text, mark.index, mark[0]);
    if (!found || found.from < copied) continue;
    out += text.slice(copied, found.from) + found.replacement;
    hasEvidence ||= text.slice(Math.max(0, mark.index - 100), mark.index).includes('found within');
    copied = found.to;
    marks.lastIndex = Math.max(found.to, mark.index + 1);
  }
  return { masked: copied === 0 ? searched : out + text.slice(copied, end), hasEvidence, to: copied };
}

interface Secret {
  readonly from: number;
  readonly to: number;
  readonly replacement: string;
}

const nameHere = /cookies:[^\s:'"]+|[\w.\-[\]]*/iy;
const nameBefore = /[\w.-]*$/;
const jwt = /eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)?/y;
const credential = /(?:bearer|basic) +([\w.~+/=-]{6,})/iy;

function secretAt(text: string, at: number, mark: string): Secret | null {
  if (mark.startsWith('eyJ')) return wholeMatch(jwt, text, at, 0);
  if (/^(?:bearer|basic) $/i.test(mark)) return wholeMatch(credential, text, at, mark.length);
  nameHere.lastIndex = at;
  const end = at + (nameHere.exec(text)?.[0].length ?? 0);
  const behind = text.charAt(end);
  if (behind === '') return null;
  for (const form of forms) {
    if (!form.first.includes(behind)) continue;
    if (form.before && !form.before.test(text.slice(Math.max(0, at - 50), at))) continue;
    form.opening.lastIndex = end;
    const head = form.opening.exec(text);
    if (!head) continue;
    const from = end + head[0].length;
    const to = endOfValue(text, from, form);
    if (to === from) return null;
    const name = (nameBefore.exec(text.slice(Math.max(0, at - 40), at))?.[0] ?? '') + text.slice(at, end);
    return { from, to, replacement: maskValue(name, text.slice(from, to), head[0]) };
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
  if (isCookieHeader(name) && !opening.includes('=') && value.includes('='))
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
  return text.replace(evidence, (whole, matched: string) =>
    matched === '' ? whole : `Matched Data: ${mask}${whole.slice('Matched Data: '.length + matched.length)}`,
  );
}
