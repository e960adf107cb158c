/** A JSON value of unknown shape, read without trust: what is not as expected counts as absent. */
export type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = {};

export function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : nothing;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function textsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.every(isText) ? value : value.filter(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Digits as a number, also when written as a string; null for anything else. */
export function integerOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) ? value : null;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : null;
}

/** The status of an answer; null where there was none: engines write 0 then. */
export function statusOf(value: unknown): number | null {
  const status = integerOf(value);
  return status !== null && status >= 100 && status <= 999 ? status : null;
}

/**
 * Reads one JSON text. Control characters that stand raw inside a string are forgiven, and so are escapes that JSON does not
 * have, such as nginx's `\\x27`: they stay as they are written.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(escapeControls(text.replaceAll(/\\(["\\/bfnrt]|u[\dA-Fa-f]{4})?/g, keepEscape)));
    } catch {
      return undefined;
    }
  }
}

function keepEscape(written: string, known: string | undefined): string {
  return known === undefined ? '\\\\' : written;
}

function escapeControls(text: string): string {
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 32) continue;
    out += `${text.slice(copied, at)}\\u${code.toString(16).padStart(4, '0')}`;
    copied = at + 1;
  }
  return out + text.slice(copied);
}
