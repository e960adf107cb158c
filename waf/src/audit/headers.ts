import { listOf, objectOf, textOf } from './json-value.ts';
import type { HttpPart } from './audit-record.ts';

/** The value of a header, its name in any case; the last one where it is repeated. */
export function headerOf(headers: unknown, name: string): string | null {
  const map = objectOf(headers);
  const direct = map[name];
  if (direct !== undefined) return lastText(direct);
  const lower = name.toLowerCase();
  let found: string | null = null;
  for (const key in map) if (key.length === lower.length && key.toLowerCase() === lower) found = lastText(map[key]);
  return found;
}

function lastText(value: unknown): string {
  return textOf(Array.isArray(value) ? value.at(-1) : value);
}

/** Headers and body as lists show them. */
export function httpPart(part: unknown): HttpPart | null {
  const { headers, body } = objectOf(part);
  if (headers === undefined && body === undefined) return null;
  const pairs = Object.entries(objectOf(headers)).flatMap(([name, value]): [string, string][] =>
    Array.isArray(value) ? listOf(value).map((item) => [name, textOf(item)]) : [[name, textOf(value)]],
  );
  return { headers: pairs, body: typeof body === 'string' && body !== '' ? body : null };
}

/** Lower case, without port: `Shop.example:8443` → `shop.example`. */
export function normaliseHost(text: string): string {
  const lower = text.trim().toLowerCase();
  const port = /:\d*$/.exec(lower);
  return port && (lower.indexOf(':') === port.index || lower[port.index - 1] === ']')
    ? lower.slice(0, port.index)
    : lower;
}
