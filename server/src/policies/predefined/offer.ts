import type { PolicyKind, PolicyProblem } from '@bartizan/api';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { descriptionKey } from '../description.ts';
import { templates } from './library.ts';
import type { Spec, Template } from './library.ts';
import { findRole } from './well-known.ts';
import type { Found } from './well-known.ts';

export type Dialect = 'cilium' | 'kubernetes';

/** A predefined policy for one namespace, with what should be looked at before it is enabled. */
export interface Offered {
  readonly object: KubernetesObject;
  readonly doubts: readonly PolicyProblem[];
}

/**
 * How the cluster takes predefined policies: a CiliumNetworkPolicy where Cilium's kinds are there, a NetworkPolicy where they are
 * missing or none of ours to read; null as long as nobody knows.
 */
export function dialectOf(cluster: Pick<Cluster, 'state'>): Dialect | null {
  const { state } = cluster.state('CiliumNetworkPolicy');
  if (state === 'ok') return 'cilium';
  return state === 'missing' || state === 'forbidden' ? 'kubernetes' : null;
}

/** Who asks for a NetworkPolicy gets one on every cluster, so that a script need not know what the cluster has. */
export function dialectFor(cluster: Pick<Cluster, 'state'>, kind: PolicyKind): Dialect | null {
  return kind === 'NetworkPolicy' ? 'kubernetes' : dialectOf(cluster);
}

/** What is offered for these namespaces, deployed or not: nothing as long as the dialect is not known. */
export function offeredFor(
  cluster: Pick<Cluster, 'list' | 'state'>,
  namespaces: readonly string[],
  dialect = dialectOf(cluster),
): Offered[] {
  if (dialect === null) return [];
  return templates.flatMap((template) => {
    const found = template.role ? findRole(cluster, template.role) : nobody;
    const spec = template[dialect]?.(found);
    if (!spec) return [];
    const doubts = doubtsOf(template, found, dialect);
    return namespaces.map((namespace) => ({ object: objectOf(template, spec, { dialect, namespace }), doubts }));
  });
}

const nobody: Found = { pods: [], isOnHost: false, dnsPorts: [], doubts: [] };

function objectOf(
  { name, description }: Template,
  spec: Spec,
  { dialect, namespace }: { readonly dialect: Dialect; readonly namespace: string },
): KubernetesObject {
  return dialect === 'cilium'
    ? {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name, namespace },
        spec: { description, ...spec },
      }
    : {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace, annotations: { [descriptionKey]: description } },
        spec,
      };
}

const hostDoubt =
  "Some of what this names runs in the host's network, and a NetworkPolicy cannot name the hosts: unless your network plugin lets them through anyway, it is cut off. Add an ipBlock with the addresses of the nodes";

function doubtsOf({ role }: Template, found: Found, dialect: Dialect): PolicyProblem[] {
  const path = role === 'dns' ? 'spec.egress[0]' : 'spec.ingress[0]';
  const host = dialect === 'kubernetes' && found.isOnHost ? [hostDoubt] : [];
  return [...found.doubts, ...host].map((message) => ({
    code: 'predefined-peer',
    severity: 'warning',
    message,
    path,
  }));
}
