import { addressOf } from '../address.ts';
import { objectOf, parseJson, textOf } from '../audit/json-value.ts';
import type { JsonObject } from '../audit/json-value.ts';
import type { FieldReader } from './access-line.ts';

/** Names under which JSON access logs write what nginx calls by its own. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  time_iso8601: ['time_iso8601', '@timestamp', 'timestamp', 'time', 'ts', 'start_time', 'StartUTC'],
  msec: ['msec', 'ts', 'time', 'timestamp'],
  time_local: ['time_local', 'time', 'timestamp', '@timestamp'],
  remote_addr: [
    'remote_addr',
    'client_ip',
    'remote_ip',
    'clientip',
    'client',
    'remoteAddr',
    'ClientHost',
    'downstream_remote_address',
  ],
  http_x_forwarded_for: ['http_x_forwarded_for', 'x_forwarded_for', 'proxy_add_x_forwarded_for', 'x-forwarded-for'],
  request: ['request'],
  request_method: ['request_method', 'method', 'verb', 'RequestMethod'],
  request_uri: ['request_uri', 'RequestPath'],
  uri: ['uri', 'path', 'url'],
  args: ['args', 'query', 'request_query', 'query_string'],
  server_protocol: ['server_protocol', 'protocol', 'proto', 'request_proto', 'RequestProtocol'],
  status: ['status', 'response_code', 'status_code', 'response', 'DownstreamStatus'],
  host: ['host', 'vhost', 'http_host', 'request_host', 'authority', 'server_name', 'RequestHost'],
  http_user_agent: ['http_user_agent', 'user_agent', 'agent', 'userAgent'],
  request_time: ['request_time'],
  proxy_upstream_name: ['proxy_upstream_name', 'upstream_name', 'upstream_cluster', 'ServiceName'],
  upstream_addr: ['upstream_addr', 'upstream_host', 'ServiceAddr'],
  upstream_status: ['upstream_status', 'OriginStatus'],
  req_id: ['req_id', 'request_id', 'requestId'],
};

/** The fields of an access log written as JSON, one object a line; null where the line is none. */
export function readJsonAccess(line: string): FieldReader | null {
  const value = parseJson(line) ?? parseJson(line.replace(/[\s,\]\0]+$/, '')) ?? parseJson(quoteBare(line));
  if (value === undefined) return null;
  const places = placesIn(objectOf(value));
  const plain = (name: string): string | undefined => {
    for (const fields of places)
      for (const key of synonyms[name] ?? [name]) {
        const found = textOf(fields[key]);
        if (found !== '') return found;
      }
    return undefined;
  };
  return (name) => {
    const found = plain(name);
    if (found === undefined) return name === 'proxy_upstream_name' ? serviceOf(plain) : undefined;
    if (name === 'time_local') return /^\d\d\/[A-Z]/.test(found) ? found : undefined;
    if (name === 'time_iso8601') return /^\d{4}-\d\d-\d\d/.test(found) ? found : undefined;
    return name === 'remote_addr' ? addressOf(found) || '-' : found;
  };
}

/** The object itself, then what it groups its fields in, as Caddy does: `request`, `headers`. */
function placesIn(object: JsonObject): readonly JsonObject[] {
  const groups = Object.values(object).filter((value) => typeof value === 'object' && value !== null);
  return groups.length === 0 ? [object] : [object, ...groups.map(objectOf)];
}

/**
 * A template of nginx writes what has no value as nothing or `-`, and after a retry lists, where a number is meant:
 * `"upstream_status": 502, 200,"bytes": ,"upstream_time": -}`.
 */
function quoteBare(line: string): string {
  return line.replaceAll(
    /("(?:[^"\\]|\\.)*"\s*:\s*)((?:-|[\d.]+)?(?:\s*[,:]\s*(?:-|[\d.]+))*)(?=\s*(?:,\s*"|\}))/g,
    (_, name: string, bare: string) => `${name}"${bare}"`,
  );
}

/** ingress-nginx can write `$namespace $service_name $service_port` instead of the upstream's name. */
function serviceOf(plain: FieldReader): string | undefined {
  const parts = ['namespace', 'service_name', 'service_port'].map((name) => plain(name) ?? '');
  return parts.every((part) => part !== '') ? parts.join('-') : undefined;
}
