import type { JsonObject } from './document.ts';
import { objectOf, textAt, valueAt } from './document.ts';

/**
 * What Elastic's ModSecurity integration left of a record, as ModSecurity 3 would have written it. It keeps neither the
 * engine's mode nor the headers: https://github.com/elastic/integrations/tree/main/packages/modsecurity
 */
export function recordOfEcs(document: JsonObject, timeMs: number): JsonObject {
  const texts = [valueAt(document, 'modsec.audit.messages') ?? []].flat();
  const details = [valueAt(document, 'modsec.audit.details') ?? []].flat();
  const count = Math.max(texts.length, details.length);
  const messages = Array.from({ length: count }, (_, index) => {
    const given = objectOf(details[index]) ?? {};
    return { message: texts[index] ?? '', details: objectOf(given['details']) ?? given };
  });
  return {
    transaction: {
      client_ip: textAt(document, 'source.ip') ?? textAt(document, 'source.address') ?? '',
      time_stamp: printCtime(timeMs),
      request: {
        method: textAt(document, 'http.request.method') ?? '',
        http_version: textAt(document, 'http.version') ?? '',
        uri: uriOf(document),
        headers: headersOf(document),
      },
      response: { http_code: Number(textAt(document, 'http.response.status_code') ?? 0) },
      messages,
    },
  };
}

function headersOf(document: JsonObject): JsonObject {
  const host = textAt(document, 'url.domain');
  const agent = textAt(document, 'user_agent.original');
  return { ...(host === null ? {} : { Host: host }), ...(agent === null ? {} : { 'User-Agent': agent }) };
}

/** `url.original` is written with scheme, host and port. */
function uriOf(document: JsonObject): string {
  const whole = textAt(document, 'url.original') ?? '';
  const rest = whole.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  if (rest !== '') return rest;
  const query = textAt(document, 'url.query');
  return `${textAt(document, 'url.path') ?? ''}${query === null ? '' : `?${query}`}`;
}

/** As nginx's own names, which the reader of JSON access logs knows. */
export function lineOfEcs(document: JsonObject, timeMs: number): JsonObject {
  const nanoseconds = Number(textAt(document, 'event.duration') ?? Number.NaN);
  const fields = {
    time_iso8601: new Date(timeMs).toISOString(),
    remote_addr: textAt(document, 'source.address') ?? textAt(document, 'source.ip'),
    request_method: textAt(document, 'http.request.method'),
    request_uri: uriOf(document),
    server_protocol: textAt(document, 'http.version'),
    status: textAt(document, 'http.response.status_code'),
    host: textAt(document, 'url.domain') ?? textAt(document, 'destination.domain'),
    http_user_agent: textAt(document, 'user_agent.original'),
    proxy_upstream_name: textAt(document, 'nginx.ingress_controller.upstream.name'),
    request_time: Number.isFinite(nanoseconds) ? String(nanoseconds / 1e9) : null,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''));
}

/** `Mon Jun 15 12:12:40 2026`, in UTC. */
export function printCtime(timeMs: number): string {
  const [week, day, month, year, clock] = new Date(timeMs).toUTCString().replace(',', '').split(' ');
  return `${week} ${month} ${day} ${clock} ${year}`;
}
