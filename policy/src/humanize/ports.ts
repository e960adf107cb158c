import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { list, part, say } from './words.ts';
import type { Phrase } from './words.ts';

/** "TCP 80", "TCP 7000-7100", "any UDP port"; `undefined` where it cannot be said. */
export function ciliumPort(port: JsonValue): Phrase | undefined {
  if (!isObject(port) || !hasOnly(port, ['port', 'endPort', 'protocol'])) return undefined;
  const protocol = port['protocol'] ?? 'ANY';
  const number = port['port'] ?? '';
  const end = port['endPort'] ?? 0;
  if (typeof protocol !== 'string' || typeof number !== 'string' || typeof end !== 'number') return undefined;
  return portPhrase({ protocol: protocol.toUpperCase(), port: number, end });
}

/** A port of a NetworkPolicy: a number or a name; without a protocol TCP is meant, without a port every one. */
export function kubernetesPort(port: JsonValue): Phrase | undefined {
  if (!isObject(port) || !hasOnly(port, ['port', 'endPort', 'protocol'])) return undefined;
  const protocol = port['protocol'] ?? 'TCP';
  const number = port['port'] ?? '0';
  const end = port['endPort'] ?? 0;
  if (typeof protocol !== 'string' || typeof end !== 'number') return undefined;
  if (typeof number !== 'string' && typeof number !== 'number') return undefined;
  return portPhrase({ protocol, port: String(number), end });
}

const portless = new Set(['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH']);

function portPhrase({ protocol, port, end }: { protocol: string; port: string; end: number }): Phrase | undefined {
  const isNumber = /^(?:0|[1-9][0-9]*)$/.test(port);
  if (!isNumber && !/^[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*$/.test(port) && port !== '') return undefined;
  if (port === '' || port === '0') {
    if (portless.has(protocol)) return say`${part('port', protocol)}`;
    return protocol === 'ANY'
      ? say`${part('port', 'any port of TCP, UDP and SCTP')}`
      : say`${part('port', `any ${protocol} port`)}`;
  }
  const range = isNumber && end > Number(port) ? `${port}-${end}` : port;
  const name = isNumber ? range : `port named ${port}`;
  return protocol === 'ANY'
    ? say`${part('port', `TCP/UDP/SCTP ${name}`)}`
    : say`${part('port', `${protocol} ${name}`)}`;
}

/** "ICMP type EchoRequest", "any ICMPv6 type". Type 0 matches every type: Cilium stores it as a wildcard (WORD-33). */
export function icmpField(field: JsonValue): Phrase | undefined {
  if (!isObject(field) || !hasOnly(field, ['family', 'type'])) return undefined;
  const family = field['family'] ?? 'IPv4';
  const type = field['type'];
  if (family !== 'IPv4' && family !== 'IPv6') return undefined;
  if (typeof type !== 'string' && typeof type !== 'number') return undefined;
  const name = family === 'IPv4' ? 'ICMP' : 'ICMPv6';
  const isEvery = type === 0 || type === '0' || (family === 'IPv4' && type === 'EchoReply');
  return isEvery
    ? say`${part('icmp', `${name} type ${type}`)} (which Cilium takes for every ${name} type)`
    : say`${part('icmp', `${name} type ${type}`)}`;
}

/** All entries said, or `undefined` as soon as one cannot be. */
export function sayAll(
  values: JsonValue | undefined,
  phraseOf: (value: JsonValue) => Phrase | undefined,
): readonly Phrase[] | undefined {
  if (values === undefined || values === null) return [];
  if (!isArray(values)) return undefined;
  const phrases: Phrase[] = [];
  for (const value of values) {
    const phrase = phraseOf(value);
    if (phrase === undefined) return undefined;
    phrases.push(phrase);
  }
  return phrases;
}

export function onPorts(ports: readonly Phrase[]): Phrase {
  return ports.length === 0 ? say`on any port` : say`on ${list(ports)}`;
}

export function hasOnly(object: JsonObject, keys: readonly string[]): boolean {
  return Object.keys(object).every((key) => keys.includes(key));
}
