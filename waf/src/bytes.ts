/** `%C3%A4` runs as text; bytes that are not UTF-8 become U+FFFD. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, decodeRun);
}

/** `\xC3\xA4` runs, as nginx and ModSecurity write bytes, as text. */
export function decodeHexEscapes(text: string): string {
  if (!text.includes('\\x')) return text;
  return text.replace(/(?:\\x[0-9a-fA-F]{2})+/g, (run) => decodeRun(run.replaceAll('\\x', '%')));
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return decodeLossy(run);
  }
}

function decodeLossy(run: string): string {
  const sequence =
    /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-4](?:%[89ab][0-9a-f]){3}|%[0-9a-f]{2}/gi;
  return run.replace(sequence, (part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return '\uFFFD';
    }
  });
}

/** The decoded path of what a request line asks for: no query, no scheme and host. */
export function pathOf(uri: string): string {
  let from = 0;
  if (!uri.startsWith('/') && uri !== '*') {
    const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(uri);
    from = absolute ? absolute[0].length : 0;
  }
  let end = uri.length;
  for (const mark of ['?', '#']) {
    const at = uri.indexOf(mark, from);
    if (at >= 0 && at < end) end = at;
  }
  const path = uri.slice(from, end);
  return path === '' && from > 0 ? '/' : decodePercent(path);
}
