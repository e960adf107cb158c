import { isObject } from '../source/json.ts';
import type { JsonObject } from '../source/json.ts';
import { objectsOf } from './access.ts';
import type { Path } from './findings.ts';

/** The rules of one Cilium policy, each with its path: `spec` first, then `specs`. */
export function rulesOf(object: JsonObject): readonly (readonly [path: Path, rule: JsonObject])[] {
  const spec = object['spec'];
  const first = isObject(spec) ? [[['spec'], spec] as const] : [];
  return [...first, ...objectsOf(object, 'specs').map(([index, rule]) => [['specs', index], rule] as const)];
}
