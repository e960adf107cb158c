import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';

/** The sandbox has no RBAC: whoever asks may do everything. */
export function review(plural: string, body: Json): JsonObject | undefined {
  const spec = isObject(body) ? (body['spec'] ?? {}) : {};
  if (plural === 'selfsubjectaccessreviews') {
    const status = { allowed: true, reason: 'the sandbox lets everyone do everything' };
    return { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status };
  }
  if (plural !== 'selfsubjectrulesreviews') return undefined;
  const status = {
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  };
  return { kind: 'SelfSubjectRulesReview', apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec, status };
}
