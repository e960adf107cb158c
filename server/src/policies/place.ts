import type { PolicyKind, PolicyProblem } from '@bartizan/api';
import type { Cluster, PolicyRef } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { badRequest, notFound } from '../http/problem.ts';
import type { Selection } from '../selection.ts';
import type { Draft } from './draft.ts';

/** A policy's address in the interface, brought to the cluster it is in. */
export interface PolicyPlace {
  readonly cluster: Cluster;
  readonly ref: PolicyRef;
}

export function placeOf(
  deps: Pick<Deps, 'clusters'>,
  selection: Selection,
  params: { namespace: string; kind: PolicyKind; name: string },
): PolicyPlace {
  const { kind, name } = params;
  const isClusterScoped = kind === 'CiliumClusterwideNetworkPolicy';
  if (isClusterScoped !== (params.namespace === '-')) {
    const hint = isClusterScoped
      ? 'A CiliumClusterwideNetworkPolicy has no namespace: write -.'
      : `A ${kind} has a namespace.`;
    throw badRequest(hint, 'bad-namespace');
  }
  const namespace = isClusterScoped ? '' : params.namespace;
  const setups = selection.setups.filter((setup) => isClusterScoped || setup.namespaces.includes(namespace));
  const [clusterName, ...others] = [...new Set(setups.map((setup) => setup.cluster))];
  if (clusterName === undefined)
    throw notFound(`The namespace "${namespace}" is not in this environment.`, 'unknown-namespace');
  if (others.length > 0)
    throw badRequest('Several clusters have such a policy: ask within one environment.', 'ambiguous');
  const cluster = deps.clusters.get(clusterName);
  if (!cluster) throw notFound(`The cluster "${clusterName}" is not configured.`, 'no-source');
  return { cluster, ref: { kind, namespace, name } };
}

/** Where a draft would be written; where that is nowhere, what its metadata should say. */
export function placeOfDraft(
  deps: Pick<Deps, 'clusters'>,
  selection: Selection,
  { ref, manifest }: Pick<Draft, 'ref' | 'manifest'>,
): PolicyPlace | PolicyProblem {
  const isClusterScoped = ref.kind === 'CiliumClusterwideNetworkPolicy';
  if (isClusterScoped || selection.namespaces.includes(ref.namespace))
    return placeOf(deps, selection, { ...ref, namespace: isClusterScoped ? '-' : ref.namespace });
  const there = selection.namespaces.join(', ');
  const path = 'metadata.namespace';
  return {
    severity: 'error',
    path,
    ...manifest.place(path),
    ...(ref.namespace === ''
      ? { code: 'no-namespace', message: `A ${ref.kind} belongs to a namespace: write which of ${there}` }
      : {
          code: 'unknown-namespace',
          message: `The namespace \`${ref.namespace}\` is not in this environment, which has ${there}`,
        }),
  };
}

/** Whether a policy is one that the environments speak of. */
export function isWithin(
  selection: Selection,
  { cluster, namespace }: { cluster: string; namespace: string },
): boolean {
  return selection.setups.some(
    (setup) => setup.cluster === cluster && (namespace === '' || setup.namespaces.includes(namespace)),
  );
}
