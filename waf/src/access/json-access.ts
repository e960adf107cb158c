import { objectOf, parseJson, textOf } from '../audit/json-value.ts';
import type { FieldReader } from './access-line.ts';

/** Names under which JSON access logs write what nginx calls by its own. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  time_iso8601: ['time_iso8601', '@timestamp', 'timestamp', 'time', 'ts', 'start_time', 'StartUTC'],
  msec: ['msec', 'ts', 'time', 'timestamp'],
  time_local: ['time_local', 'time'],
  remote_addr: [
    'remote_addr',
    'remote_ip',
    'client_ip',
    'client',
    'remoteAddr',
    'ClientHost',
    'downstream_remote_address',
  ],
  request: ['request'],
  request_method: ['request_method', 'method', 'RequestMethod'],
  request_uri: ['request_uri', 'RequestPath'],
  uri: ['uri', 'path', 'url'],
  args: ['args', 'query', 'request_query', 'query_string'],
  server_protocol: ['server_protocol', 'protocol', 'request_proto', 'RequestProtocol'],
  status: ['status', 'response_code', 'status_code', 'DownstreamStatus'],
  host: ['host', 'vhost', 'http_host', 'authority', 'server_name', 'RequestHost'],
  http_user_agent: ['http_user_agent', 'user_agent', 'agent', 'userAgent'],
  request_time: ['request_time'],
  proxy_upstream_name: ['proxy_upstream_name', 'upstream_name', 'upstream_cluster', 'ServiceName'],
  upstream_addr: ['upstream_addr', 'upstream_host', 'ServiceAddr'],
  upstream_status: ['upstream_status', 'OriginStatus'],
  req_id: ['req_id', 'request_id', 'requestId'],
};

/** The fields of an access log written as JSON, one object a line; null where the line is none. */
export function readJsonAccess(line: string): FieldReader | null {
  const value = parseJson(line);
  if (value === undefined) return null;
  const object = objectOf(value);
  const flat =
    object['message'] !== undefined && object['remote_addr'] === undefined ? nested(object['message']) : null;
  const fields = flat ?? object;
  const plain = (name: string): string | undefined => {
    for (const key of synonyms[name] ?? [name]) {
      const found = fields[key];
      if (found !== undefined && found !== null) return textOf(found);
    }
    return undefined;
  };
  return (name) => {
    const found = plain(name);
    if (found === undefined) return name === 'proxy_upstream_name' ? serviceOf(plain) : undefined;
    if (name === 'time_local') return /^\d\d\/[A-Z]/.test(found) ? found : undefined;
    if (name === 'time_iso8601') return /^\d{4}-\d\d-\d\d/.test(found) ? found : undefined;
    if (name === 'remote_addr') return found.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
    return found;
  };
}

/** ingress-nginx can write `$namespace $service_name $service_port` instead of the upstream's name. */
function serviceOf(plain: FieldReader): string | undefined {
  const parts = ['namespace', 'service_name', 'service_port'].map((name) => plain(name) ?? '');
  return parts.every((part) => part !== '') ? parts.join('-') : undefined;
}

function nested(message: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof message !== 'string' || !message.startsWith('{')) return null;
  const inner = parseJson(message);
  return inner === undefined ? null : objectOf(inner);
}
