import type { PolicyKind } from '../model/policy.ts';
import { isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';

/** Kubernetes' own annotation for what a NetworkPolicy has no field for. */
const annotation = 'kubernetes.io/description';

/**
 * Where a policy keeps its description. Cilium's place is `spec.description`; the GitLab editor of 13.5 to 14.10 wrote it
 * to the top level, where it is read and kept.
 */
export function describedAt(
  kind: PolicyKind,
  policy: JsonObject,
): { readonly path: readonly string[]; readonly value: JsonValue | undefined } {
  if (kind === 'NetworkPolicy') {
    const metadata = policy['metadata'];
    const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
    const value = isObject(annotations) ? annotations[annotation] : undefined;
    return { path: ['metadata', 'annotations', annotation], value };
  }
  const spec = isObject(policy['spec']) ? policy['spec'] : {};
  const top = policy['description'];
  const isAtTop = typeof top === 'string' && typeof spec['description'] !== 'string';
  return isAtTop
    ? { path: ['description'], value: top }
    : { path: ['spec', 'description'], value: spec['description'] };
}
