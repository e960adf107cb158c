import { decodeHexEscapes } from '../bytes.ts';

/** A request line that may be rubbish: what is not there is empty. */
export function parseRequestLine(text: string): {
  readonly method: string;
  readonly uri: string;
  readonly version: string | null;
} {
  const first = text.indexOf(' ');
  const last = text.lastIndexOf(' ');
  const version = text.startsWith('HTTP/', last + 1) ? text.slice(last + 6) : null;
  const method = first < 0 ? '' : text.slice(0, first);
  const isMethod = method.length > 0 && method.length <= 40 && /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method);
  if (!isMethod || (version !== null && last === first)) return { method: '', uri: '', version: null };
  const asked = text.slice(first + 1, version === null ? text.length : last);
  return { method, uri: decodeHexEscapes(asked).replaceAll('\\"', '"'), version };
}
