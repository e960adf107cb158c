import type { JsonValue } from '../src/source/json.ts';
import { readManifests } from '../src/source/read-manifests.ts';
import { validate } from '../src/validate/validate.ts';
import { generateObject } from './generate.ts';

export type Refuser = 'api-server' | 'cilium' | null;

/** Who refuses an object for real: a cluster's API server (strict field validation, dry run), else Cilium's parser. */
export type Judge = (object: Readonly<Record<string, JsonValue>>) => Promise<Refuser>;

export interface Disagreement {
  readonly seed: number;
  readonly object: Readonly<Record<string, JsonValue>>;
  readonly ours: Refuser;
  readonly theirs: Refuser;
}

export interface CompareOptions {
  readonly seed: number;
  readonly count: number;
  readonly judge: Judge;
  /** How many objects are judged at once. */
  readonly parallel?: number;
}

/**
 * Draws policies and lists those that the real servers judge otherwise. The namespaces `ns-0` and `shop` must exist; of
 * a CiliumCIDRGroup only the API server's word counts, since no parser judges it.
 */
export async function compare({ seed, count, judge, parallel = 6 }: CompareOptions): Promise<readonly Disagreement[]> {
  const found: Disagreement[] = [];
  let next = seed;
  const work = async (): Promise<void> => {
    for (let own = next++; own < seed + count; own = next++) {
      const object = generateObject(own);
      const theirs = await judge(object);
      const ours = refuserOf(object);
      if (ours !== theirs) found.push({ seed: own, object, ours, theirs });
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return found.toSorted((a, b) => a.seed - b.seed);
}

export function refuserOf(object: Readonly<Record<string, JsonValue>>): Refuser {
  const { manifests } = readManifests(JSON.stringify(object));
  const errors = manifests.flatMap((manifest) => validate(manifest)).filter(({ severity }) => severity === 'error');
  if (errors.some(({ refusedBy }) => refusedBy === 'api-server')) return 'api-server';
  const isGroup = object['kind'] === 'CiliumCIDRGroup';
  return errors.length > 0 && !isGroup ? 'cilium' : null;
}
