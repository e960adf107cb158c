import { readManifests, validate } from '@bartizan/policy';
import type { Problem } from '@bartizan/policy';
import type { Refusal } from './admit.ts';
import type { KubeObject } from './object.ts';

/** What the API server's schemas refuse in a policy; what only Cilium's agent refuses is stored, as in a real cluster. */
export function refusalsOf(object: KubeObject): readonly Refusal[] {
  return problemsOf(object)
    .filter(({ refusedBy }) => refusedBy === 'api-server')
    .map(({ code, path, message }) =>
      code === 'unknown-field'
        ? { kind: 'unknown-field', field: path, message: `unknown field ${JSON.stringify(path)}` }
        : { kind: 'invalid', field: path, message },
    );
}

/** Whether Cilium's agent would take a policy; one that it refuses stands in the cluster and decides nothing. */
export function isInEffect(object: KubeObject): boolean {
  return problemsOf(object).every(({ severity }) => severity !== 'error');
}

/** What Cilium's operator says of a policy; it does not look at everything that the agents refuse. */
export function operatorRefusalOf(object: KubeObject): string | undefined {
  return problemsOf(object).find(({ severity, code }) => severity === 'error' && code !== 'node-selector')?.message;
}

function problemsOf(object: KubeObject): readonly Problem[] {
  const { manifests } = readManifests(JSON.stringify(object));
  return manifests.flatMap((manifest) => validate(manifest));
}
