import { readManifests, validate } from '@bartizan/policy';
import type { Refusal } from './admit.ts';
import type { KubeObject } from './object.ts';

/** What the API server's schemas refuse in a policy; what only Cilium's agent refuses is stored, as in a real cluster. */
export function refusalsOf(object: KubeObject): readonly Refusal[] {
  const { manifests } = readManifests(JSON.stringify(object));
  return manifests
    .flatMap((manifest) => validate(manifest))
    .filter(({ refusedBy }) => refusedBy === 'api-server')
    .map(({ code, path, message }) =>
      code === 'unknown-field'
        ? { kind: 'unknown-field', field: path, message: `unknown field ${JSON.stringify(path)}` }
        : { kind: 'invalid', field: path, message },
    );
}
