import type { FieldReader } from './access-line.ts';

/** A compiled `log_format` of nginx: reads a line into its fields, or finds that it does not fit. */
export interface AccessPattern {
  readonly text: string;
  read(line: string): FieldReader | null;
}

export type PatternResult =
  | { readonly ok: true; readonly value: AccessPattern }
  | { readonly ok: false; readonly message: string };

interface Piece {
  readonly name: string;
  /** What stands between this variable and the next; empty at the end of the pattern. */
  readonly after: string;
  /** How the next variable begins, where that tells the end of this one. */
  readonly next: RegExp | null;
}

export const combinedPattern =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';

export const commonPattern = '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent';

const ingressHead = `${combinedPattern} $request_length $request_time [$proxy_upstream_name]`;
const ingressTail = '$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id';

/** The default of ingress-nginx, now and before 0.25: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/ */
export const ingressPatterns = [
  `${ingressHead} [$proxy_alternative_upstream_name] ${ingressTail}`,
  `${ingressHead} ${ingressTail}`,
];

const envoyTail = '"$http_x_forwarded_for" "$http_user_agent" "$req_id" "$host" "$upstream_addr"';

/** The defaults of Envoy and Istio: https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage */
export const envoyPatterns = [
  `[$time_iso8601] "$request" $status $flags $bytes_received $body_bytes_sent $duration $upstream_service_time ${envoyTail}`,
  `[$time_iso8601] "$request" $status $flags $details $ended "$failure" $bytes_received $body_bytes_sent $duration $upstream_service_time ${envoyTail}`,
];

/** Retries make these lists: `10.0.0.6:8080, 10.0.0.7:8080`, and ` : ` stands between groups. */
const lists = /^upstream_(addr|response_length|response_time|status|connect_time|header_time|bytes_(sent|received))$/;

/** Compiles the text of a `log_format`; matching takes linear time whatever the line. */
export function compileAccessPattern(text: string, options: { readonly rest: 'refused' | 'ignored' }): PatternResult {
  const parts = text.split(/\$(?:\{([a-z0-9_]+)\}|([a-z0-9_]+))/i);
  const prefix = parts[0] ?? '';
  const pieces: Piece[] = [];
  for (let index = 1; index < parts.length; index += 3)
    pieces.push({
      name: parts[index] ?? parts[index + 1] ?? '',
      after: parts[index + 2] ?? '',
      next: beginnings[parts[index + 3] ?? parts[index + 4] ?? ''] ?? null,
    });
  const glued = pieces.find((piece, index) => piece.after === '' && index < pieces.length - 1);
  if (glued) return { ok: false, message: `Nothing stands between $${glued.name} and the next variable.` };
  const names = pieces.map(({ name }) => name);
  const missing = missingFields(names);
  if (missing) return { ok: false, message: missing };
  const places = new Map(names.map((name, index) => [name, index]));
  return {
    ok: true,
    value: {
      text,
      read(line) {
        const values = matchPieces(line, { prefix, pieces, rest: options.rest });
        if (!values) return null;
        return (name) => {
          const place = places.get(name);
          return place === undefined ? undefined : values[place];
        };
      },
    },
  };
}

/** Where nginx, or what stands before it, writes who asked. */
const clients = [
  'remote_addr',
  'http_x_forwarded_for',
  'proxy_add_x_forwarded_for',
  'proxy_protocol_addr',
  'the_real_ip',
  'http_x_real_ip',
  'realip_remote_addr',
];

function missingFields(names: readonly string[]): string | null {
  const hasTime = ['time_local', 'time_iso8601', 'msec'].some((name) => names.includes(name));
  if (!hasTime) return 'The pattern needs a time: $time_local, $time_iso8601 or $msec.';
  if (!clients.some((name) => names.includes(name))) return 'The pattern needs the client: $remote_addr.';
  return names.includes('request') || names.includes('request_uri') || names.includes('uri')
    ? null
    : 'The pattern needs the request: $request, or $request_method and $request_uri.';
}

function matchPieces(
  line: string,
  { prefix, pieces, rest }: { prefix: string; pieces: readonly Piece[]; rest: 'refused' | 'ignored' },
): string[] | null {
  if (!line.startsWith(prefix)) return null;
  const values: string[] = [];
  let at = prefix.length;
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (!piece) break;
    const end = endOf(line, at, piece);
    if (end < 0) return null;
    values.push(line.slice(at, end));
    at = end + piece.after.length;
  }
  return at >= line.length || rest === 'ignored' ? values : null;
}

/** How these begin: where a value before them holds what should end it, as a user's name or a request can, that tells its end. */
const beginnings: Readonly<Record<string, RegExp>> = {
  time_local: /\d\d\/[A-Z][a-z]{2}\/\d{4}:/y,
  status: /[\d-]{1,3}(?!\w)/y,
  request_length: /\d+ \d+\.\d/y,
};

function endOf(line: string, at: number, { name, after, next }: Piece): number {
  if (after === '') return lists.test(name) || name === 'request' ? line.length : endOfWord(line, at);
  let end = line.indexOf(after, at);
  const isQuote = after.startsWith('"');
  if (next || isQuote)
    while (end >= 0 && ((isQuote && isEscaped(line, end, at)) || (next && !startsWith(line, end + after.length, next))))
      end = line.indexOf(after, end + 1);
  if (after.startsWith(' ') && name.startsWith('upstream_'))
    while (end > 0 && (line[end - 1] === ',' || line[end - 1] === ':' || line[end + 1] === ':')) {
      const next = line[end + 1] === ':' ? end + 2 : end + 1;
      end = line.indexOf(after, next);
    }
  return end;
}

function startsWith(line: string, at: number, beginning: RegExp): boolean {
  beginning.lastIndex = at;
  return beginning.test(line);
}

function endOfWord(line: string, at: number): number {
  const space = line.indexOf(' ', at);
  return space < 0 ? line.length : space;
}

function isEscaped(line: string, at: number, from: number): boolean {
  let backslashes = 0;
  for (let index = at - 1; index >= from && line[index] === '\\'; index -= 1) backslashes += 1;
  return backslashes % 2 === 1;
}
