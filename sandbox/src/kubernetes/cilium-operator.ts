import type { JsonObject } from '../json.ts';
import { isEqual, isObject } from '../json.ts';
import { recordStatusAuthor } from './managed-fields.ts';
import type { KubeObject } from './object.ts';
import { namespaceOf } from './object.ts';
import { operatorRefusalOf } from './policy-schema.ts';
import type { Resource } from './resources.ts';
import { resources } from './resources.ts';
import type { Store } from './store.ts';
import { timeOf } from './writes.ts';

/** Long enough for the writer to have had its answer, as in a cluster: the resourceVersion moves once more afterwards. */
const judgesAfterMs = 20;

const judged = resources.filter(({ group, kind }) => group === 'cilium.io' && kind.endsWith('Policy'));

/**
 * Writes into the status of every Cilium policy whether it is valid, as Cilium's operator does: at once for those that are there,
 * and a moment after each change.
 */
export function runCiliumOperator(options: {
  readonly store: Store;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}): void {
  const { store, now, signal } = options;

  function judge(resource: Resource, namespace: string, name: string): void {
    const object = store.get(resource, namespace, name);
    if (!object || signal.aborted) return;
    const condition = conditionOf(object, now());
    if (!isEqual(condition, validConditionOf(object))) store.put(resource, withCondition(object, condition));
  }

  for (const resource of judged)
    for (const object of store.list(resource)) judge(resource, namespaceOf(object), object.metadata.name);
  const stop = store.listen(({ type, resource, object }) => {
    if (type === 'DELETED' || !judged.includes(resource)) return;
    setTimeout(() => judge(resource, namespaceOf(object), object.metadata.name), judgesAfterMs).unref();
  });
  signal.addEventListener('abort', stop, { once: true });
}

/** Its time moves only when a policy becomes valid, or stops being so. */
function conditionOf(object: KubeObject, now: Date): JsonObject {
  const refusal = operatorRefusalOf(object);
  const status = refusal === undefined ? 'True' : 'False';
  const before = validConditionOf(object);
  const since = before
    ? before['status'] === status && before['lastTransitionTime']
    : object.metadata['creationTimestamp'];
  return {
    type: 'Valid',
    status,
    lastTransitionTime: since || timeOf(now),
    message: refusal ?? 'Policy validation succeeded',
  };
}

function validConditionOf({ status }: KubeObject): JsonObject | undefined {
  const conditions = isObject(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  return conditions.filter(isObject).find(({ type }) => type === 'Valid');
}

function withCondition(object: KubeObject, condition: JsonObject): KubeObject {
  const time = String(condition['lastTransitionTime']);
  return recordStatusAuthor(
    { ...object, status: { conditions: [condition] } },
    { manager: 'cilium-operator-generic', time },
  );
}
