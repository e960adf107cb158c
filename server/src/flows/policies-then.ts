import type { Cluster, StateStore } from '@bartizan/backends';
import { lowerPolicy } from '@bartizan/policy';
import type { Policy } from '@bartizan/policy';
import { policyKinds } from '../policies/catalogue.ts';
import { objectOf } from '../policies/pending.ts';

export interface PoliciesThen {
  readonly policies: readonly Policy[];
  /** `now` where a policy's history does not reach back to the moment. */
  readonly asOf: 'then' | 'now';
}

/** The policies of a cluster as they were at a moment, from the revisions that were recorded; as they are now where none was. */
export async function policiesThen({
  cluster,
  state,
  atMs,
}: {
  cluster: Cluster;
  state: StateStore;
  atMs: number;
}): Promise<PoliciesThen> {
  const texts = await state.revisionsBefore({ cluster: cluster.name, atMs });
  const known = new Map(texts.map((revision) => [`${revision.kind}/${revision.namespace}/${revision.name}`, revision]));
  let asOf: PoliciesThen['asOf'] = 'then';
  const policies: Policy[] = [];
  const add = (object: unknown): void => {
    const lowered = lowerPolicy(object);
    if (lowered.ok) policies.push(lowered.value);
  };
  for (const object of policyKinds.flatMap((kind) => cluster.list(kind))) {
    const key = `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (known.has(key)) continue;
    const createdMs = Date.parse(object.metadata.creationTimestamp ?? '');
    if (createdMs > atMs) continue;
    asOf = 'now';
    add(object);
  }
  for (const { after } of known.values()) if (after !== null) add(objectOf(after));
  return { policies, asOf };
}
