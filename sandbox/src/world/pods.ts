import type { Random } from '../seeded.ts';
import type { NodeSpec } from './places.ts';
import { nodes } from './places.ts';
import type { WorkloadSpec } from './workloads.ts';
import { workloads } from './workloads.ts';

export interface Pod {
  readonly name: string;
  readonly workload: WorkloadSpec;
  readonly node: NodeSpec;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The hash in the names of a ReplicaSet and its pods. */
  readonly templateHash: string | undefined;
  readonly endpointId: number;
}

/** Every pod of every workload, spread over the nodes. */
export function buildPods(random: Random): readonly Pod[] {
  const used = new Map<NodeSpec, number>();
  let turn = 0;
  return workloads.flatMap((workload) => {
    const stream = random.fork(`${workload.namespace}/${workload.name}`);
    const templateHash = workload.kind === 'Deployment' ? stream.suffix(10) : undefined;
    return Array.from({ length: workload.replicas }, (_, index): Pod => {
      const node = nodes[turn++ % nodes.length];
      if (node === undefined) throw new Error('a cluster has nodes');
      const host = (used.get(node) ?? 10) + 1 + stream.below(6);
      used.set(node, host);
      const name = templateHash ? `${workload.name}-${templateHash}-${stream.suffix(5)}` : `${workload.name}-${index}`;
      return {
        name,
        workload,
        node,
        address: `${node.podRange}.${host}`,
        labels: { ...workload.labels, ...ownLabels(name, templateHash) },
        templateHash,
        endpointId: 100 + stream.below(3900),
      };
    });
  });
}

function ownLabels(name: string, templateHash: string | undefined): Readonly<Record<string, string>> {
  return templateHash
    ? { 'pod-template-hash': templateHash }
    : {
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': name.slice(name.lastIndexOf('-') + 1),
      };
}
