import { decodeHexEscapes } from '../bytes.ts';
import { evaluationRules } from '../rules/catalogue.ts';
import { severityOf } from '../rules/severity.ts';
import type { RuleMessage } from './audit-record.ts';

/** The fixed order in which the engine writes them; a forged tail inside a value does not fit it through to the end. */
const order = [
  'file',
  'line',
  'id',
  'rev',
  'msg',
  'data',
  'severity',
  'ver',
  'maturity',
  'accuracy',
  'tag',
  'hostname',
  'uri',
  'unique_id',
  'ref',
] as const;

export interface RuleText extends RuleMessage {
  readonly isDenial: boolean;
  readonly hostname: string;
  readonly uri: string;
  readonly uniqueId: string;
}

/**
 * Reads `ModSecurity: Warning. … [file "…"] [line "…"] [id "…"] …`, also cut off in the middle. `uniqueId` of the record, where
 * it is known, tells the real tail from one that a request forged: `[uri]` and values are not escaped.
 */
export function readRuleText(text: string, uniqueId = ''): RuleText {
  const start = findTail(text, uniqueId);
  const fields = readFields(text, start);
  const severity = fields.get('severity')?.[0] ?? '';
  const first = (name: string): string => unescapeValue(fields.get(name)?.[0] ?? '');
  return {
    id: first('id'),
    text: first('msg'),
    match: text.slice(0, start).trim(),
    data: first('data'),
    reference: first('ref'),
    severity: severityOf(severity),
    tags: (fields.get('tag') ?? []).map(unescapeValue),
    version: first('ver'),
    file: first('file') || null,
    line: /^\d{1,9}$/.test(first('line')) ? Number(first('line')) : null,
    isDenial: denial.test(text.slice(0, Math.min(start, 200))),
    hostname: first('hostname'),
    uri: fields.get('uri')?.[0] ?? '',
    uniqueId: first('unique_id'),
  };
}

/** The engine names a rule; where it reports errors of its own it writes `-`. */
export function hasRule({ id }: { readonly id: string }): boolean {
  return /^\d+$/.test(id);
}

/**
 * Whether one of the lines says that the request was stopped. Nothing is stopped in phase 5: a Coraza that says so there writes
 * "denied" for every rule that has a disruptive action, `pass` among them, and then only an evaluation rule tells.
 */
export function isDenied(messages: readonly { readonly id: string; readonly match?: string }[]): boolean {
  const denials = messages.filter(({ match = '' }) => denial.test(match));
  const saysItOfAll = denials.some(({ match = '' }) => match.includes(' (phase 5)'));
  return denials.some(
    ({ id, match = '' }) => !match.includes(' (phase 5)') && (!saysItOfAll || evaluationRules.has(id)),
  );
}

const denial = /^.{0,100}?(?:^|ModSecurity: |\bCoraza: )Access (?:denied|dropped|redirected)/;

/** The leftmost `[file "` whose fields follow the fixed order, through to the record's own id where one is given. */
function findTail(text: string, uniqueId: string): number {
  const own = uniqueId === '' ? lastUniqueId(text) : uniqueId;
  let fallback = -1;
  for (let at = text.indexOf(' [file "'); at >= 0; at = text.indexOf(' [file "', at + 1)) {
    if (fallback < 0) fallback = at;
    const fields = readFields(text, at);
    const found = fields.get('unique_id')?.[0];
    if (fields.has('id') && found !== undefined && found === own) return at;
  }
  if (fallback >= 0) return fallback;
  const id = /\s\[(?:id|line|msg) "/.exec(text);
  return id ? id.index : text.length;
}

function lastUniqueId(text: string): string {
  const at = text.lastIndexOf('[unique_id "');
  return at < 0 ? '' : text.slice(at + 12, text.indexOf('"', at + 12));
}

function readFields(text: string, start: number): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  let at = start;
  let position = 0;
  for (;;) {
    while (text[at] === ' ') at += 1;
    const head = /^\[([a-z_]+) "/.exec(text.slice(at, at + 20));
    const name = head?.[1] ?? '';
    const rank = order.findIndex((known) => known === name);
    if (!head || rank < position) return fields;
    const from = at + head[0].length;
    const end = endOfValue(text, from, name);
    // Half an id or a tag would be a wrong one.
    if (end.isCut && name !== 'msg' && name !== 'data') return fields;
    const values = fields.get(name);
    if (values) values.push(text.slice(from, end.at));
    else fields.set(name, [text.slice(from, end.at)]);
    if (end.isCut) return fields;
    position = rank;
    at = end.at + 2;
  }
}

/** `uri` is not escaped, so its end is the last `"] [unique_id "`; the others end at the first quote that is not escaped. */
function endOfValue(text: string, from: number, name: string): { readonly at: number; readonly isCut: boolean } {
  if (name === 'uri') {
    const end = text.lastIndexOf('"] [unique_id "');
    if (end >= from) return { at: end, isCut: false };
  }
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"' && text[at + 1] === ']') return { at, isCut: false };
  }
  return { at: text.length, isCut: true };
}

function unescapeValue(text: string): string {
  return text.includes('\\') ? decodeHexEscapes(text).replace(/\\(["\\])/g, '$1') : text;
}
