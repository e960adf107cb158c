import type { Cluster, KubernetesObject } from '@bartizan/backends';
import type { Endpoint, World } from '@bartizan/policy';

/** The cluster of this moment as the policy engine takes it. Pods in the host's network are the host, not endpoints of their own. */
export function worldOf(cluster: Cluster): World {
  const namespaceLabels = new Map(
    cluster.list('Namespace').map(({ metadata }) => [metadata.name, metadata.labels ?? {}]),
  );
  return {
    endpoints: cluster.list('Pod').flatMap((pod) => endpointOf(pod, namespaceLabels) ?? []),
    cidrGroups: cluster.list('CiliumCIDRGroup').map((group) => ({
      name: group.metadata.name,
      labels: group.metadata.labels,
      cidrs: (group as { spec?: { externalCIDRs?: readonly string[] } }).spec?.externalCIDRs ?? [],
    })),
    services: cluster.list('Service').map((service) => ({
      namespace: service.metadata.namespace ?? '',
      name: service.metadata.name,
      labels: service.metadata.labels,
      selector: (service as { spec?: { selector?: Readonly<Record<string, string>> } }).spec?.selector,
    })),
  };
}

interface PodBody {
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly serviceAccountName?: string;
    readonly containers?: readonly {
      readonly ports?: readonly {
        readonly name?: string;
        readonly containerPort: number;
        readonly protocol?: string;
      }[];
    }[];
  };
  readonly status?: { readonly podIP?: string; readonly phase?: string };
}

function endpointOf(
  pod: KubernetesObject,
  namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>,
): Endpoint | undefined {
  const { spec, status } = pod as PodBody;
  const { namespace = '', name, labels } = pod.metadata;
  const isGone = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (spec?.hostNetwork || isGone) return undefined;
  return {
    id: `${namespace}/${name}`,
    namespace,
    labels,
    namespaceLabels: namespaceLabels.get(namespace),
    serviceAccount: spec?.serviceAccountName,
    ip: status?.podIP,
    ports: spec?.containers?.flatMap(({ ports }) =>
      (ports ?? []).map((port) => ({ name: port.name, port: port.containerPort, protocol: port.protocol })),
    ),
  };
}
