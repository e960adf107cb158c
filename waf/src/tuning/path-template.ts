/** A path in which what differs from request to request has a name instead: `/orders/{number}/notes`. */
export interface PathTemplate {
  readonly text: string;
  /** A regular expression for the whole path, without anchors; it needs no flags. */
  readonly pattern: string;
}

interface Part {
  readonly name: string;
  readonly is: RegExp;
  readonly pattern: string;
}

/** In the order in which they are tried: the narrowest first. */
const parts: readonly Part[] = [
  { name: '{number}', is: /^\d{1,20}$/, pattern: '[0-9]{1,20}' },
  {
    name: '{uuid}',
    is: /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i,
    pattern: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  },
  { name: '{hash}', is: /^[\da-f]{16,128}$/i, pattern: '[0-9a-fA-F]{16,128}' },
  // A token of letters and digits that is no word: long, with both.
  { name: '{token}', is: /^(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,200}$/, pattern: '[0-9A-Za-z_-]{20,200}' },
];

export function templateOf(path: string): PathTemplate {
  const segments = path.split('/').map((segment) => {
    const part = parts.find(({ is }) => is.test(segment));
    return part ? { text: part.name, pattern: part.pattern } : { text: segment, pattern: literalPattern(segment) };
  });
  return {
    text: segments.map(({ text }) => text).join('/'),
    pattern: segments.map(({ pattern }) => pattern).join('/'),
  };
}

/** Everything but letters, digits and three harmless signs as the bytes of UTF-8: it needs no quoting in any configuration. */
export function literalPattern(text: string): string {
  return [...text]
    .map((letter) => (/^[\w/-]$/.test(letter) ? letter : letter === '.' ? String.raw`\.` : bytesOf(letter)))
    .join('');
}

function bytesOf(letter: string): string {
  const escaped = encodeURIComponent(/^[\ud800-\udfff]$/u.test(letter) ? '\uFFFD' : letter);
  if (!escaped.startsWith('%')) return String.raw`\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return escaped.replaceAll('%', String.raw`\x`).toLowerCase();
}
