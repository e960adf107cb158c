import { parseProtocol, portProtocols } from '../model/protocol.ts';
import type { Protocol } from '../model/protocol.ts';
import type { NamedPort, PortMatch, PortRange, Ports } from '../model/policy.ts';
import { icmpTypeOf } from './icmp.ts';
import { readL7 } from './l7.ts';
import { complain, itemsOf, textOf } from './read.ts';
import type { Fields, Reading } from './read.ts';

const allPorts: PortRange = { type: 'range', first: 0, last: 65_535 };

/** An IANA service name: letters, digits and single dashes inside, at least one letter, 15 at most. */
export function isPortName(text: string): boolean {
  return /^[a-zA-Z0-9-]{1,15}$/.test(text) && /[a-zA-Z]/.test(text) && !/^-|-$|--/.test(text);
}

/** Reads a port as Go does with base 0: `010` is octal, 8. */
export function parsePortNumber(text: string): number | undefined {
  const number = /^0[0-7]+$/.test(text)
    ? Number.parseInt(text, 8)
    : /^(0|[1-9][0-9]*)$/.test(text)
      ? Number(text)
      : NaN;
  return number <= 65_535 ? number : undefined;
}

export function portRange(first: number, endPort: number): PortRange {
  if (first === 0) return allPorts;
  // Cilium keeps 16 bits of endPort, and one that is not beyond the port says nothing.
  return { type: 'range', first, last: Math.max(first, endPort & 65_535) };
}

/** `toPorts` and `icmps` of one item. */
export function readPorts(reading: Reading, item: Fields, path: string): Ports {
  const rules = itemsOf(reading, item['toPorts'], `${path}.toPorts`) ?? [];
  const icmps = itemsOf(reading, item['icmps'], `${path}.icmps`) ?? [];
  if (rules.length + icmps.length === 0) return 'all';
  const matches: Omit<PortMatch, 'index'>[] = [];
  for (const rule of rules) {
    const l7 = readL7(reading, rule.fields, rule.path);
    for (const port of itemsOf(reading, rule.fields['ports'], `${rule.path}.ports`) ?? []) {
      const range = readPort(reading, port.fields, port.path);
      const protocols = readProtocols(reading, port.fields['protocol'], `${port.path}.protocol`);
      if (range && protocols) matches.push({ protocols, port: range, path: port.path, l7 });
    }
  }
  for (const icmp of icmps) {
    for (const field of itemsOf(reading, icmp.fields['fields'], `${icmp.path}.fields`) ?? []) {
      const match = readIcmp(reading, field.fields, field.path);
      if (match) matches.push(match);
    }
  }
  return matches.map((match, index) => ({ ...match, index }));
}

function readPort(reading: Reading, port: Fields, path: string): PortRange | NamedPort | undefined {
  const text = textOf(reading, port['port'], `${path}.port`) ?? '0';
  const endPort = typeof port['endPort'] === 'number' ? port['endPort'] : 0;
  if (isPortName(text)) return { type: 'name', name: text.toLowerCase(), endPort };
  const first = text === '' ? 0 : parsePortNumber(text);
  if (first !== undefined) return portRange(first, endPort);
  complain(reading, `${path}.port`, `${text} is neither a port number nor a port name`);
  return undefined;
}

export function readProtocols(reading: Reading, value: unknown, path: string): readonly Protocol[] | undefined {
  const text = (textOf(reading, value, path) ?? '').toUpperCase();
  if (text === '' || text === 'ANY') return portProtocols;
  const protocol = parseProtocol(text);
  if (protocol) return [protocol];
  complain(reading, path, `${text} is not a protocol`);
  return undefined;
}

function readIcmp(reading: Reading, field: Fields, path: string): Omit<PortMatch, 'index'> | undefined {
  const family = textOf(reading, field['family'], `${path}.family`) === 'IPv6' ? 'IPv6' : 'IPv4';
  const type = icmpTypeOf(family, field['type']);
  if (type === undefined) {
    complain(reading, `${path}.type`, `${JSON.stringify(field['type'] ?? null)} is not an ICMP type of ${family}`);
    return undefined;
  }
  const protocols: readonly Protocol[] = [family === 'IPv6' ? 'ICMPv6' : 'ICMP'];
  // Type 0 becomes port 0, which is every port: so it is with every type in Cilium 1.20.
  return { protocols, port: portRange(type, 0), path };
}

/** `ports` of a NetworkPolicy's rule: TCP where no protocol is named, every port where none is. */
export function readKubernetesPorts(reading: Reading, value: unknown, path: string): Ports {
  const items = itemsOf(reading, value, path) ?? [];
  if (items.length === 0) return 'all';
  return items.flatMap(({ fields, index, path: at }): PortMatch[] => {
    const port = readKubernetesPort(reading, fields, at);
    const protocol = fieldsOrText(fields['protocol']) ?? 'TCP';
    const protocols = readProtocols(reading, protocol, `${at}.protocol`);
    return port && protocols ? [{ protocols, port, index, path: at }] : [];
  });
}

function fieldsOrText(value: unknown): unknown {
  return value === null ? undefined : value;
}

function readKubernetesPort(reading: Reading, fields: Fields, path: string): PortRange | NamedPort | undefined {
  const value = fields['port'];
  const endPort = typeof fields['endPort'] === 'number' ? fields['endPort'] : 0;
  if (value === undefined || value === null) return allPorts;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (isPortName(text)) return { type: 'name', name: text, endPort };
  const first = parsePortNumber(text);
  if (first !== undefined) return portRange(first, endPort);
  complain(reading, `${path}.port`, `${text} is neither a port number nor a port name`);
  return undefined;
}
