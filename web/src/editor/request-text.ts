import type { DnsName, HttpRequestRule, IcmpType } from '@bartizan/policy';
import type { Typed } from './selector-text.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'];

/** `GET /api/.*`, `/healthz`, `POST`, and `any` for every request. Paths are regular expressions of the whole path. */
export function readHttp(text: string): Typed<HttpRequestRule> {
  const typed = text.trim();
  if (/^any$/i.test(typed)) return { ok: true, value: {} };
  const match = /^(?:([A-Za-z]+)(?:\s+|$))?(\/\S*)?$/.exec(typed);
  const [, method, path] = match ?? [];
  if (!match || (method === undefined && path === undefined))
    return { ok: false, message: 'A request is a method and a path, for example GET /api/.*' };
  if (method !== undefined && !methods.includes(method.toUpperCase()))
    return { ok: false, message: `${method} is no HTTP method: a path begins with /` };
  return {
    ok: true,
    value: {
      ...(method === undefined ? {} : { method: method.toUpperCase() }),
      ...(path === undefined ? {} : { path }),
    },
  };
}

export function printHttp({ method, path, host, headers = [] }: HttpRequestRule): string {
  const parts = [method, path, host && `host ${host}`, headers.length > 0 && `with ${headers.join(', ')}`];
  return parts.filter(Boolean).join(' ') || 'any';
}

/** A name, or with `*` a pattern. */
export function readName(text: string): Typed<DnsName> {
  const typed = text.trim().replace(/\.$/, '');
  if (!/^[A-Za-z0-9_*-]+(\.[A-Za-z0-9_*-]+)*$/.test(typed))
    return { ok: false, message: 'A name is written like api.example.org, a pattern like *.example.org' };
  return { ok: true, value: typed.includes('*') ? { pattern: typed } : { name: typed } };
}

export function printName(name: DnsName): string {
  return 'name' in name ? name.name : name.pattern;
}

/** `8`, `EchoRequest`, `128/IPv6`. */
export function readIcmp(text: string): Typed<IcmpType> {
  const match = /^([A-Za-z]+|\d{1,3})(?:\s*\/\s*(?:ipv)?([46]))?$/i.exec(text.trim());
  if (!match || Number(match[1]) > 255)
    return { ok: false, message: 'An ICMP type is a number or a name, for example 8, EchoRequest or 128/IPv6' };
  const [, type = '', family = '4'] = match;
  return {
    ok: true,
    value: { family: family === '6' ? 'IPv6' : 'IPv4', type: /^\d+$/.test(type) ? Number(type) : type },
  };
}

export function printIcmp({ family, type }: IcmpType): string {
  return `${type}/${family}`;
}
