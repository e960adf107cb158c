import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';

/** RFC 7396. A strategic patch of a policy is one as well: its lists are atomic; `$` directives only order lists. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  const merged: JsonObject = result;
  return merged;
}
