import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { namePhrase } from './cilium-peers.ts';
import { ciliumPort, hasOnly, sayAll } from './ports.ts';
import { list, part, say } from './words.ts';
import type { Phrase } from './words.ts';

/** One entry of `toPorts`: its ports, and what the proxy then lets through. */
export interface PortRule {
  /** Empty: it matches nothing. */
  readonly ports: readonly Phrase[];
  /** ", but only these HTTP requests: …"; empty where every request passes. */
  readonly limits: Phrase;
}

const portRuleKeys = ['ports', 'rules', 'serverNames', 'terminatingTLS', 'originatingTLS', 'listener'];

export function portRule(entry: JsonValue): PortRule | undefined {
  if (!isObject(entry) || !hasOnly(entry, portRuleKeys)) return undefined;
  const ports = sayAll(entry['ports'], ciliumPort);
  const limits = limitsOf(entry);
  if (ports === undefined || limits === undefined) return undefined;
  return { ports, limits };
}

function limitsOf(entry: JsonObject): Phrase | undefined {
  const phrases = [
    rulesPhrase(entry['rules']),
    serverNames(entry['serverNames']),
    tls(entry),
    listener(entry['listener']),
  ];
  const known = phrases.filter((phrase) => phrase !== undefined);
  return known.length < phrases.length ? undefined : say`${known.flat()}`;
}

function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

function rulesPhrase(rules: JsonValue | undefined): Phrase | undefined {
  if (isAbsent(rules)) return say``;
  if (!isObject(rules) || !hasOnly(rules, ['http', 'dns'])) return undefined;
  const { http, dns } = rules;
  if (!isAbsent(http) && !isAbsent(dns)) return undefined;
  if (isArray(http)) {
    const requests = sayAll(http, httpRule);
    if (requests === undefined) return undefined;
    return requests.length === 0
      ? say`, but no HTTP request at all: the list of requests is empty`
      : say`, but only these HTTP requests: ${list(requests, 'or')}`;
  }
  if (isArray(dns)) {
    const names = sayAll(dns, (name) => (isObject(name) ? namePhrase(name) : undefined));
    if (names === undefined) return undefined;
    return names.length === 0
      ? say`, but no DNS lookup at all: the list of names is empty`
      : say`, but only DNS lookups of ${list(names, 'or')}`;
  }
  return isAbsent(http) && isAbsent(dns) ? say`` : undefined;
}

/** Path, method and host are regular expressions for the whole value; the path includes the query. */
function httpRule(rule: JsonValue): Phrase | undefined {
  if (!isObject(rule) || !hasOnly(rule, ['method', 'path', 'host', 'headers', 'headerMatches'])) return undefined;
  const { method, path, host } = rule;
  const texts = [method, path, host];
  if (!texts.every((value) => isAbsent(value) || typeof value === 'string')) return undefined;
  const headers = sayAll(rule['headers'], headerLine);
  const matches = sayAll(rule['headerMatches'], headerMatch);
  if (headers === undefined || matches === undefined) return undefined;
  const line = [method, path].filter((value) => typeof value === 'string' && value !== '').join(' ');
  const conditions = [
    line === '' ? say`any request` : say`${part('request', line)}`,
    ...(typeof host === 'string' && host !== '' ? [say`to host ${part('request', host)}`] : []),
    ...headers,
    ...matches,
  ];
  return conditions.reduce((phrase, condition) => say`${phrase} ${condition}`);
}

function headerLine(header: JsonValue): Phrase | undefined {
  if (typeof header !== 'string') return undefined;
  const space = header.indexOf(' ');
  return space === -1
    ? say`with header ${part('request', header)}`
    : say`with header ${part('request', header)} exactly`;
}

function headerMatch(match: JsonValue): Phrase | undefined {
  if (!isObject(match) || !hasOnly(match, ['name', 'value', 'secret', 'mismatch'])) return undefined;
  const { name, value, secret, mismatch } = match;
  if (typeof name !== 'string') return undefined;
  const wanted = isObject(secret)
    ? say`${part('request', name)} equal to the value in a secret`
    : say`${part('request', typeof value === 'string' && value !== '' ? `${name}: ${value}` : name)}`;
  if (isAbsent(mismatch)) return say`with header ${wanted}`;
  if (typeof mismatch !== 'string') return undefined;
  return say`(header ${wanted} is not required: on a mismatch Cilium does ${part('request', mismatch)})`;
}

function serverNames(names: JsonValue | undefined): Phrase | undefined {
  const phrases = sayAll(names, (name) => (typeof name === 'string' ? say`${part('name', name)}` : undefined));
  if (phrases === undefined) return undefined;
  return phrases.length === 0 ? say`` : say`, only TLS connections that ask for the server ${list(phrases, 'or')}`;
}

function tls(entry: JsonObject): Phrase | undefined {
  const terminating = entry['terminatingTLS'];
  const originating = entry['originatingTLS'];
  if (![terminating, originating].every((value) => isAbsent(value) || isObject(value))) return undefined;
  const clauses = [
    ...(isAbsent(terminating) ? [] : [say`, TLS is ended by Cilium's proxy (${part('field', 'terminatingTLS')})`]),
    ...(isAbsent(originating)
      ? []
      : [say`, TLS to the destination is opened by Cilium's proxy (${part('field', 'originatingTLS')})`]),
  ];
  return say`${clauses.flat()}`;
}

function listener(value: JsonValue | undefined): Phrase | undefined {
  if (isAbsent(value)) return say``;
  if (!isObject(value) || typeof value['name'] !== 'string') return undefined;
  return say`, sent through the Envoy listener ${part('name', value['name'])}`;
}
