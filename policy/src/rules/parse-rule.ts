import type { PolicyKind } from '../model/policy.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import type { DnsName, HttpRequestRule, IcmpType, Port, Rule } from './model.ts';
import { dnsName, parsePeer } from './parse-peer.ts';
import { checkRule } from './rule-limits.ts';
import { at, isAbsent, name, obstruct, readList, readObject, readText, readTexts, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';

const fields = ['direction', 'action', 'peers', 'ports', 'icmp', 'http', 'dns'];

export function parseRule(value: JsonValue, kind: PolicyKind, place: At): Rule | undefined {
  const rule = readObject(value, place);
  if (rule === undefined) return undefined;
  refuseOthers(rule, place, { shown: fields });
  const { direction, action } = rule;
  if (direction !== 'ingress' && direction !== 'egress') {
    obstruct(at(place, 'direction'), 'bad-direction', 'direction should be ingress or egress');
    return undefined;
  }
  if (action !== 'allow' && action !== 'deny') {
    obstruct(at(place, 'action'), 'bad-action', 'action should be allow or deny');
    return undefined;
  }
  const peers = readItems(rule, 'peers', place, (peer, inner) => parsePeer(peer, kind, inner));
  const ports = readItems(rule, 'ports', place, readPort);
  const icmp = readOptional(rule, 'icmp', place, readIcmp);
  const http = readOptional(rule, 'http', place, readHttp);
  const dns = readOptional(rule, 'dns', place, readDnsName);
  const read: Rule = {
    direction,
    action,
    peers,
    ports,
    ...(icmp && icmp.length > 0 ? { icmp } : {}),
    ...(http ? { http } : {}),
    ...(dns ? { dns } : {}),
  };
  checkRule(read, kind, place);
  return read;
}

function readItems<T>(
  rule: JsonObject,
  key: string,
  place: At,
  read: (value: JsonValue, place: At) => T | undefined,
): readonly T[] {
  if (isAbsent(rule[key]))
    obstruct(at(place, key), 'incomplete', `${name(at(place, key))} is missing: an empty list says so too`);
  return readOptional(rule, key, place, read) ?? [];
}

function readOptional<T>(
  rule: JsonObject,
  key: string,
  place: At,
  read: (value: JsonValue, place: At) => T | undefined,
): readonly T[] | undefined {
  const list = readList(rule[key], at(place, key));
  return list?.map((item, index) => read(item, at(place, key, index))).filter((item) => item !== undefined);
}

function readPort(value: JsonValue, place: At): Port | undefined {
  const port = readObject(value, place);
  if (port === undefined) return undefined;
  refuseOthers(port, place, { shown: ['port', 'endPort', 'protocol'] });
  const number = required(port['port'], at(place, 'port'));
  const protocol = required(port['protocol'], at(place, 'protocol'));
  const { endPort } = port;
  if (!isAbsent(endPort) && (typeof endPort !== 'number' || !Number.isInteger(endPort))) {
    obstruct(at(place, 'endPort'), 'bad-range', 'endPort should be a whole number');
  }
  if (number === undefined || protocol === undefined) return undefined;
  return { port: number, ...(typeof endPort === 'number' ? { endPort } : {}), protocol };
}

function required(value: JsonValue | undefined, place: At): string | undefined {
  if (isAbsent(value)) obstruct(place, 'incomplete', `${name(place)} is missing`);
  return readText(value, place);
}

function readIcmp(value: JsonValue, place: At): IcmpType | undefined {
  const icmp = readObject(value, place);
  if (icmp === undefined) return undefined;
  refuseOthers(icmp, place, { shown: ['family', 'type'] });
  const { family, type } = icmp;
  const isFamily = family === 'IPv4' || family === 'IPv6';
  if (!isFamily) obstruct(at(place, 'family'), 'bad-family', 'The family should be IPv4 or IPv6');
  if (isFamily && (typeof type === 'number' || typeof type === 'string')) return { family, type };
  if (isFamily) obstruct(at(place, 'type'), 'bad-icmp-type', 'The ICMP type should be a number or a name');
  return undefined;
}

function readHttp(value: JsonValue, place: At): HttpRequestRule | undefined {
  const request = readObject(value, place);
  if (request === undefined) return undefined;
  refuseOthers(request, place, { shown: ['method', 'path', 'host', 'headers'] });
  const texts = (['method', 'path', 'host'] as const).flatMap((key) => {
    const text = readText(request[key], at(place, key));
    return text === undefined ? [] : [[key, text] as const];
  });
  const headers = readTexts(request['headers'], at(place, 'headers'));
  return { ...Object.fromEntries(texts), ...(headers.length > 0 ? { headers } : {}) };
}

function readDnsName(value: JsonValue, place: At): DnsName | undefined {
  const dns = readObject(value, place);
  if (dns === undefined) return undefined;
  refuseOthers(dns, place, { shown: ['name', 'pattern'] });
  return dnsName(dns, place);
}
