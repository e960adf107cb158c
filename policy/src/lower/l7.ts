import type { DnsRule, HeaderMatch, HttpRule, L7 } from '../model/policy.ts';
import { fieldsOf, isFields, itemsOf, textOf, textsOf } from './read.ts';
import type { Fields, Reading } from './read.ts';

/** What sends the traffic of one `toPorts` entry through a proxy; undefined where nothing does. */
export function readL7(reading: Reading, portRule: Fields, path: string): L7 | undefined {
  const rules = fieldsOf(reading, portRule['rules'], `${path}.rules`) ?? {};
  const http = (itemsOf(reading, rules['http'], `${path}.rules.http`) ?? []).map((each) =>
    readHttp(reading, each.fields, each.path),
  );
  const dns = (itemsOf(reading, rules['dns'], `${path}.rules.dns`) ?? []).map((each): DnsRule => ({
    matchName: textOf(reading, each.fields['matchName'], `${each.path}.matchName`),
    matchPattern: textOf(reading, each.fields['matchPattern'], `${each.path}.matchPattern`),
  }));
  const serverNames = textsOf(reading, portRule['serverNames'], `${path}.serverNames`) ?? [];
  const listener = fieldsOf(reading, portRule['listener'], `${path}.listener`);
  const terminatingTls = contextOf(portRule['terminatingTLS']);
  const originatingTls = contextOf(portRule['originatingTLS']);
  const hasRules = http.length + dns.length + serverNames.length > 0;
  if (!hasRules && !listener && terminatingTls === undefined && originatingTls === undefined) return undefined;
  const name = listener && (textOf(reading, listener['name'], `${path}.listener.name`) ?? '');
  return { http, dns, serverNames, listener: name, terminatingTls, originatingTls, path };
}

function contextOf(value: unknown): string | undefined {
  return isFields(value) ? JSON.stringify(value) : undefined;
}

function readHttp(reading: Reading, fields: Fields, path: string): HttpRule {
  const headers = itemsOf(reading, fields['headerMatches'], `${path}.headerMatches`) ?? [];
  return {
    method: textOf(reading, fields['method'], `${path}.method`),
    path: textOf(reading, fields['path'], `${path}.path`),
    host: textOf(reading, fields['host'], `${path}.host`),
    headers: textsOf(reading, fields['headers'], `${path}.headers`) ?? [],
    headerMatches: headers.map((header): HeaderMatch => ({
      name: textOf(reading, header.fields['name'], `${header.path}.name`) ?? '',
      value: textOf(reading, header.fields['value'], `${header.path}.value`),
      mismatch: textOf(reading, header.fields['mismatch'], `${header.path}.mismatch`),
      secret: isFields(header.fields['secret']),
    })),
  };
}
