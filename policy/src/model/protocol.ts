/** The protocols that a rule can name, in the order of their place in the key space below. */
export const protocols = [
  'TCP',
  'UDP',
  'SCTP',
  'ICMP',
  'ICMPv6',
  'VRRP',
  'IGMP',
  'GRE',
  'IPIP',
  'IPV6',
  'ESP',
  'AH',
] as const;

export type Protocol = (typeof protocols)[number];

/** What `ANY`, or no protocol, means in a Cilium rule. */
export const portProtocols = ['TCP', 'UDP', 'SCTP'] as const satisfies readonly Protocol[];

/**
 * A protocol and a port are one number, so that a rule is an interval and a lookup one comparison:
 * the protocol's place times 65,536, plus the port (for ICMP the type).
 */
export const keysPerProtocol = 65_536;
export const keyCount = protocols.length * keysPerProtocol;

const places: Readonly<Record<string, number>> = Object.fromEntries([
  ...protocols.map((protocol, place) => [protocol, place] as const),
  ...protocols.map((protocol, place) => [protocol.toLowerCase(), place] as const),
  ...protocols.map((protocol, place) => [protocol.toUpperCase(), place] as const),
  ['ICMPV4', protocols.indexOf('ICMP')],
  ['ICMPv4', protocols.indexOf('ICMP')],
  ['ICMP6', protocols.indexOf('ICMPv6')],
  ['IPv6', protocols.indexOf('IPV6')],
]);

/** The place of a protocol in the key space, -1 where it is not known. */
export function placeOf(protocol: string): number {
  return places[protocol] ?? places[protocol.toUpperCase()] ?? -1;
}

export function parseProtocol(text: string): Protocol | undefined {
  return protocols[placeOf(text)];
}

export interface KeyInterval {
  readonly first: number;
  readonly last: number;
}

/** The keys of one protocol's ports, both ends included. */
export function keysOf(protocol: Protocol, first: number, last: number): KeyInterval {
  const base = placeOf(protocol) * keysPerProtocol;
  return { first: base + first, last: base + last };
}

export function protocolAt(key: number): Protocol {
  return protocols[Math.floor(key / keysPerProtocol)] ?? 'TCP';
}
