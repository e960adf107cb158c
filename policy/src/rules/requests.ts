import type { JsonObject, JsonValue } from '../source/json.ts';
import type { DnsName, HttpRequestRule } from './model.ts';
import { at, isAbsent, name, obstruct, readList, readObject, readText, readTexts, refuseOthers } from './reading.ts';
import type { At } from './reading.ts';

/** `rules` of an entry of `toPorts`. */
export function readRequests(
  value: JsonValue | undefined,
  place: At,
): { readonly http?: readonly HttpRequestRule[]; readonly dns?: readonly DnsName[] } {
  if (isAbsent(value)) return {};
  const rules = readObject(value, place);
  if (rules === undefined) return {};
  refuseOthers(rules, place, { shown: ['http', 'dns'], hidden: ['kafka', 'l7', 'l7proto'] });
  const http = readList(rules['http'], at(place, 'http'));
  const dns = readList(rules['dns'], at(place, 'dns'));
  if ((http === undefined) === (dns === undefined) || http?.length === 0 || dns?.length === 0) {
    obstruct(place, 'bad-requests', `${name(place)} should hold either http or dns, with at least one entry`);
    return {};
  }
  if (http) return { http: http.flatMap((rule, index) => readHttp(rule, at(place, 'http', index))) };
  return { dns: (dns ?? []).flatMap((rule, index) => readName(rule, at(place, 'dns', index))) };
}

function readHttp(value: JsonValue, place: At): readonly HttpRequestRule[] {
  const rule = readObject(value, place);
  if (rule === undefined) return [];
  refuseOthers(rule, place, { shown: ['method', 'path', 'host', 'headers'], hidden: ['headerMatches'] });
  const method = readText(rule['method'], at(place, 'method'));
  const path = readText(rule['path'], at(place, 'path'));
  const host = readText(rule['host'], at(place, 'host'));
  const headers = readTexts(rule['headers'], at(place, 'headers'));
  return [
    {
      ...(method === undefined ? {} : { method }),
      ...(path === undefined ? {} : { path }),
      ...(host === undefined ? {} : { host }),
      ...(headers.length > 0 ? { headers } : {}),
    },
  ];
}

export function readName(value: JsonValue, place: At): readonly DnsName[] {
  const entry = readObject(value, place);
  if (entry === undefined) return [];
  refuseOthers(entry, place, { shown: ['matchName', 'matchPattern'] });
  const name = readText(entry['matchName'], at(place, 'matchName'));
  const pattern = readText(entry['matchPattern'], at(place, 'matchPattern'));
  if (name !== undefined && pattern === undefined) return [{ name }];
  if (pattern !== undefined && name === undefined) return [{ pattern }];
  obstruct(place, 'bad-name', 'A DNS name is given either by matchName or by matchPattern');
  return [];
}

export function printName(name: DnsName): JsonObject {
  return 'name' in name ? { matchName: name.name } : { matchPattern: name.pattern };
}

export function printHttp({ method, path, host, headers }: HttpRequestRule): JsonObject {
  return {
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(host === undefined ? {} : { host }),
    ...(headers === undefined ? {} : { headers }),
  };
}
