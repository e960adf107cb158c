import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import type { KubeObject } from './object.ts';
import { labelsOf } from './object.ts';

export type Match = (object: KubeObject) => boolean;
export type Parsed = { readonly ok: true; readonly match: Match } | { readonly ok: false; readonly message: string };

const set = /^(!?[\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/;
const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
/** What `kubectl describe` selects by, besides names. */
const selectable = /^(metadata\.(name|namespace)|spec\.nodeName|status\.phase|involvedObject\.\w+)$/;
const existence = /^(!?)([\w./-]+)$/;

/** `app=web,tier in (a,b),!legacy`: terms are joined by "and"; an absent label satisfies != and notin. */
export function parseLabelSelector(source: string): Parsed {
  const tests: Match[] = [];
  for (const term of split(source)) {
    const test = parseTerm(term);
    if (test === undefined) return { ok: false, message: `unable to parse requirement: ${term}` };
    tests.push(test);
  }
  return { ok: true, match: (object) => tests.every((test) => test(object)) };
}

export function parseFieldSelector(source: string): Parsed {
  const tests: Match[] = [];
  for (const term of split(source)) {
    const [, field = '', operator, value] = /^([^!=]+)(==|=|!=)(.*)$/.exec(term) ?? [];
    if (!selectable.test(field)) return { ok: false, message: `field label not supported: ${field || term}` };
    tests.push((object) => (valueAt(object, field.split('.')) === value) === (operator !== '!='));
  }
  return { ok: true, match: (object) => tests.every((test) => test(object)) };
}

function split(source: string): string[] {
  return source
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== '');
}

function parseTerm(term: string): Match | undefined {
  const inSet = set.exec(term);
  if (inSet) {
    const values = (inSet[3] ?? '').split(',').map((value) => value.trim());
    const wanted = inSet[2] === 'in';
    return (object) => values.includes(labelsOf(object)[inSet[1] ?? ''] ?? '\0') === wanted;
  }
  const equal = equality.exec(term);
  if (equal) return (object) => (labelsOf(object)[equal[1] ?? ''] === equal[3]) === (equal[2] !== '!=');
  const exists = existence.exec(term);
  if (exists) return (object) => exists[2] !== undefined && exists[2] in labelsOf(object) === (exists[1] === '');
  return undefined;
}

function valueAt(object: KubeObject, path: readonly string[]): string {
  const found = path.reduce<Json>((part, key) => (isObject(part) ? (part[key] ?? '') : ''), object);
  return typeof found === 'string' ? found : '';
}
