interface Request {
  readonly method: string;
  readonly host: string;
  readonly uri: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

const leftOut = /^(host|content-length|connection|transfer-encoding)$/i;

/** The request as a command line: every value quoted for a shell, so that nothing in it is run. */
export function curlCommand({ method, host, uri, headers, body }: Request): string {
  const url = `http://${host}${uri.startsWith('/') ? uri : `/${uri}`}`;
  const parts = [
    'curl',
    '--globoff',
    '--request',
    quote(method),
    ...headers
      .filter(([name]) => !leftOut.test(name))
      .flatMap(([name, value]) => ['--header', quote(`${name}: ${value}`)]),
  ];
  if (body) parts.push('--data-binary', quote(body));
  return [...parts, '--url', quote(url)].join(' ');
}

/** Within single quotes a shell reads everything as it is, except the quote itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
