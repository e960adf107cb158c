import type { RulePort } from '@bartizan/policy';
import type { Typed } from './selector-text.ts';

export const protocols = ['TCP', 'UDP', 'SCTP', 'ANY'] as const;

const wrong = 'A port is a number, a range or a name, for example 80, 8000-8999/UDP or http';

/** `80`, `80/udp`, `8000-8999/TCP`, `http`, and `any/UDP` for every port of a protocol. TCP where none is named. */
export function readPort(text: string): Typed<RulePort> {
  const match = /^([^\s/]+)(?:\s*\/\s*([A-Za-z]+))?$/.exec(text.trim());
  if (!match) return { ok: false, message: wrong };
  const [, ports = '', typed = 'TCP'] = match;
  const protocol = protocols.find((known) => known === typed.toUpperCase());
  if (!protocol) return { ok: false, message: `${typed} is no protocol here: it is one of ${protocols.join(', ')}` };
  if (/^(any|all|\*)$/i.test(ports)) return { ok: true, value: { port: '0', protocol } };
  const range = /^(\d+)\s*[-–]\s*(\d+)$/.exec(ports);
  if (range) return readRange(Number(range[1]), Number(range[2]), protocol);
  if (/^\d+$/.test(ports)) return isPort(Number(ports)) ? plain(String(Number(ports)), protocol) : tooLarge(ports);
  if (/^(?=.*[a-z])[a-z0-9](?:-?[a-z0-9])*$/i.test(ports) && ports.length <= 15) return plain(ports, protocol);
  return { ok: false, message: wrong };
}

function readRange(first: number, last: number, protocol: string): Typed<RulePort> {
  if (!isPort(first) || !isPort(last)) return tooLarge(isPort(first) ? String(last) : String(first));
  if (last < first) return { ok: false, message: 'A range goes from the lower port to the higher' };
  return { ok: true, value: { port: String(first), endPort: last, protocol } };
}

function plain(port: string, protocol: string): Typed<RulePort> {
  return { ok: true, value: { port, protocol } };
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function tooLarge(port: string): Typed<RulePort> {
  return { ok: false, message: `${port} is no port: they go from 1 to 65535` };
}

export function printPort({ port, endPort, protocol }: RulePort): string {
  const ports = port === '0' ? 'any' : endPort === undefined ? port : `${port}-${endPort}`;
  return `${ports}/${protocol}`;
}
