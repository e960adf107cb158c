import { addressOf } from '../address.ts';
import { decodeHexEscapes } from '../bytes.ts';
import { normaliseHost } from '../audit/headers.ts';
import { parseEpoch, parseLogTime } from '../time.ts';
import { parseRequestLine } from './request-line.ts';

/** One request, as the access log has it. What the log's format does not hold is null or empty. */
export interface AccessLine {
  readonly timeMs: number;
  /** Minutes east of UTC that the time was written with; null where it was written without. */
  readonly offsetMinutes: number | null;
  readonly client: string;
  readonly method: string;
  readonly uri: string;
  readonly httpVersion: string | null;
  readonly host: string;
  /** As the client saw it. */
  readonly status: number | null;
  readonly userAgent: string | null;
  readonly upstream: string | null;
  /** Who answered; unknown where the format does not hold the upstream's address. */
  readonly answeredBy: 'upstream' | 'proxy' | 'unknown';
  /** Address and port of the server whose answer the client got: after retries the last. */
  readonly upstreamAddress: string | null;
  readonly upstreamStatus: string | null;
  readonly durationMs: number | null;
  readonly requestId: string | null;
}

/** Finds a field under the name of nginx's variable; undefined where the format does not hold it. */
export type FieldReader = (name: string) => string | undefined;

/** An access line from its fields; null where it has no readable time or no client. */
export function accessLine(field: FieldReader): AccessLine | null {
  const time = readTime(field);
  const written = clientIn(field);
  if (!time || written === null) return null;
  const { client, host } = clientOf(written);
  const request = field('request');
  const line = request === undefined ? partsOfRequest(field) : parseRequestLine(request);
  const status = field('status') ?? '';
  const address = field('upstream_addr');
  const seconds = Number(present(field('request_time')) ?? Number.NaN);
  return {
    timeMs: time.ms,
    offsetMinutes: time.offsetMinutes,
    client,
    ...line,
    httpVersion: line.version,
    host: normaliseHost(present(field('host')) ?? present(field('http_host')) ?? present(field('server_name')) ?? host),
    status: /^[1-9]\d\d$/.test(status) ? Number(status) : null,
    userAgent: text(field('http_user_agent')),
    upstream: present(field('proxy_upstream_name')),
    answeredBy: address === undefined ? 'unknown' : present(address) === null ? 'proxy' : 'upstream',
    upstreamAddress: present(address?.split(',').at(-1)?.trim()),
    upstreamStatus: present(field('upstream_status')),
    durationMs: Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
    requestId: present(field('req_id')) ?? present(field('request_id')),
  };
}

/** In this order: the address itself is nobody's claim. */
const clientFields = [
  'remote_addr',
  'proxy_protocol_addr',
  'the_real_ip',
  'http_x_real_ip',
  'proxy_add_x_forwarded_for',
  'http_x_forwarded_for',
  'realip_remote_addr',
];

/** Empty where the fields are there and name nobody; null where there are none. */
function clientIn(field: FieldReader): string | null {
  let isThere = false;
  for (const name of clientFields) {
    const value = field(name);
    const client = present(value);
    if (client !== null) return client;
    isThere ||= value === '-';
  }
  return isThere ? '' : null;
}

/** More than a name of a host and a list of proxies: what is longer is nobody's address, and takes no time. */
const longestHead = 500;

/**
 * The address in front of the line: the first where it is a list of proxies, the last word where something else stands before
 * it (a pod's name, the head of a syslog line, Apache's virtual host, which is the host that was asked for).
 */
function clientOf(written: string): { readonly client: string; readonly host: string } {
  if (!/[\s,]/.test(written)) return { client: addressOf(written), host: '' };
  const end = written.slice(-longestHead);
  const [, before = '', clients = ''] = /^(?:(.*[^\s,])\s+)?([^\s,]+(?:,\s*[^\s,]+)*)$/.exec(end) ?? [];
  const host = /^[a-z0-9][a-z0-9.-]*(?::\d+)?$/i.exec(before)?.[0] ?? '';
  return { client: addressOf(clients.split(',')[0] ?? ''), host };
}

function present(value: string | undefined): string | null {
  return value === undefined || value === '' || value === '-' ? null : value;
}

function text(value: string | undefined): string | null {
  const found = present(value);
  return found === null ? null : decodeHexEscapes(found).replaceAll('\\"', '"');
}

function partsOfRequest(field: FieldReader): { method: string; uri: string; version: string | null } {
  const version = present(field('server_protocol'))?.replace(/^HTTP\//, '') ?? null;
  const method = present(field('request_method')) ?? '';
  const whole = present(field('request_uri'));
  if (whole !== null) return { method, uri: decodeHexEscapes(whole), version };
  const args = present(field('args'));
  const path = decodeHexEscapes(present(field('uri')) ?? '');
  return { method, uri: args === null ? path : `${path}?${decodeHexEscapes(args)}`, version };
}

function readTime(field: FieldReader): { readonly ms: number; readonly offsetMinutes: number | null } | null {
  const local = field('time_local');
  if (local !== undefined) return parseLogTime(local);
  const iso = field('time_iso8601');
  if (iso !== undefined) {
    const offset = /([+-])(\d\d):?(\d\d)$/.exec(iso);
    const ms = Date.parse(iso);
    if (Number.isNaN(ms)) return null;
    const minutes = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) : 0;
    return { ms, offsetMinutes: offset || iso.endsWith('Z') ? minutes : null };
  }
  const ms = parseEpoch(field('msec') ?? '');
  return ms === null ? null : { ms, offsetMinutes: null };
}
