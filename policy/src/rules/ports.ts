import type { JsonObject, JsonValue } from '../source/json.ts';
import type { IcmpType, Port } from './model.ts';
import { at, isAbsent, name, obstruct, readList, readObject, readText, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';

const portFields = { shown: ['port', 'endPort', 'protocol'] };

/** A port of a Cilium policy: text, and every protocol where none is named. */
export function readCiliumPort(value: JsonValue, place: At): readonly Port[] {
  const port = readObject(value, place);
  if (port === undefined) return [];
  refuseOthers(port, place, portFields);
  const number = readText(port['port'], at(place, 'port'));
  const protocol = readText(port['protocol'], at(place, 'protocol')) ?? 'ANY';
  if (number === undefined) {
    if (isAbsent(port['port'])) obstruct(place, 'incomplete', `${name(place)} has no port`);
    return [];
  }
  return withRange({ port: number, protocol }, port['endPort'], place);
}

/** A port of a NetworkPolicy: a number or a name, TCP where no protocol is named, every port where no port is. */
export function readKubernetesPort(value: JsonValue, place: At): readonly Port[] {
  const port = readObject(value, place);
  if (port === undefined) return [];
  refuseOthers(port, place, portFields);
  const protocol = readText(port['protocol'], at(place, 'protocol')) ?? 'TCP';
  const number = port['port'];
  if (isAbsent(number)) {
    if (!isAbsent(port['endPort'])) obstruct(at(place, 'endPort'), 'bad-range', 'A range needs a first port');
    return [{ port: '0', protocol }];
  }
  if (typeof number === 'string' && !/[a-zA-Z]/.test(number)) {
    obstruct(
      at(place, 'port'),
      'quoted-number',
      'A NetworkPolicy takes a quoted number for a name, which needs a letter',
    );
  } else if (typeof number !== 'string' && typeof number !== 'number') {
    obstruct(at(place, 'port'), 'bad-port', 'The port should be a number or a name');
  } else if (number === 0) {
    obstruct(at(place, 'port'), 'bad-port', 'A NetworkPolicy cannot name port 0');
  }
  return withRange({ port: String(number), protocol }, port['endPort'], place);
}

function withRange(port: Port, endPort: JsonValue | undefined, place: At): readonly Port[] {
  if (!/^(?:0|[1-9][0-9]*|[a-zA-Z0-9-]*[a-zA-Z][a-zA-Z0-9-]*)$/.test(port.port)) {
    obstruct(at(place, 'port'), 'bad-port', `${JSON.stringify(port.port)} is neither a plain number nor a name`);
  }
  if (isAbsent(endPort)) return [port];
  if (typeof endPort !== 'number' || !/^[0-9]+$/.test(port.port) || endPort < Number(port.port)) {
    obstruct(at(place, 'endPort'), 'bad-range', 'The end of a range should be a number, not below its first port');
    return [];
  }
  return [{ port: port.port, endPort, protocol: port.protocol }];
}

export function printCiliumPort({ port, endPort, protocol }: Port): JsonObject {
  return { port, ...(endPort === undefined ? {} : { endPort }), protocol };
}

export function printKubernetesPort({ port, endPort, protocol }: Port): JsonObject {
  if (port === '0') return { protocol };
  const value = /^[0-9]+$/.test(port) ? Number(port) : port;
  return { protocol, port: value, ...(endPort === undefined ? {} : { endPort }) };
}

/** The entries of `icmps`, their fields in one list. */
export function readIcmps(value: JsonValue | undefined, place: At): readonly IcmpType[] {
  return (readList(value, place) ?? []).flatMap((item, index) => {
    const entry = readObject(item, at(place, index));
    if (entry === undefined) return [];
    refuseOthers(entry, at(place, index), { shown: ['fields'] });
    const fields = readList(entry['fields'], at(place, index, 'fields')) ?? [];
    if (fields.length === 0)
      obstruct(at(place, index), 'matches-nothing', 'A list of ICMP types that is empty matches nothing');
    return fields.flatMap((field, nth) => readIcmp(field, at(place, index, 'fields', nth)));
  });
}

function readIcmp(value: JsonValue, place: At): readonly IcmpType[] {
  const field = readObject(value, place);
  if (field === undefined) return [];
  refuseOthers(field, place, { shown: ['family', 'type'] });
  const family = field['family'] ?? 'IPv4';
  const type = field['type'];
  if (family !== 'IPv4' && family !== 'IPv6') {
    obstruct(at(place, 'family'), 'bad-family', 'The family should be IPv4 or IPv6');
    return [];
  }
  if (typeof type !== 'number' && typeof type !== 'string') {
    obstruct(at(place, 'type'), 'bad-icmp-type', 'The ICMP type should be a number or a name');
    return [];
  }
  return [{ family, type }];
}
