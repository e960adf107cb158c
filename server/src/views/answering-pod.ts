import type { Transaction } from '@bartizan/api';
import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { ownerOfPod, stableOwner } from '@bartizan/flow';
import type { TransactionDetail } from '@bartizan/waf';

type Asked = Pick<TransactionDetail, 'time' | 'namespace' | 'upstreamAddress'>;

/** The pod behind an upstream address. Addresses are used again: only one that ran then counts, and only if there is just one. */
export function answeringPod(clusters: readonly Cluster[], transaction: Asked): Transaction['answeredBy'] {
  const address = hostOf(transaction.upstreamAddress ?? '');
  if (address === '') return null;
  const pods = clusters.flatMap((cluster) => cluster.list('Pod')).filter((pod) => isIt(pod, address, transaction));
  const [pod] = pods;
  if (!pod || pods.length > 1) return null;
  const { name, namespace = '', ownerReferences } = pod.metadata;
  const owner = ownerReferences?.find(({ controller }) => controller);
  return { namespace, pod: name, workload: (owner ? stableOwner(owner) : ownerOfPod(name)).name };
}

function isIt(pod: KubernetesObject, address: string, { time, namespace }: Asked): boolean {
  const { spec, status } = pod as {
    readonly spec?: { readonly hostNetwork?: boolean };
    readonly status?: { readonly podIP?: string; readonly podIPs?: readonly { readonly ip?: string }[] };
  };
  const created = pod.metadata.creationTimestamp;
  if (spec?.hostNetwork || (created !== undefined && Date.parse(created) > Date.parse(time))) return false;
  if (namespace !== null && pod.metadata.namespace !== namespace) return false;
  return status?.podIP === address || status?.podIPs?.some(({ ip }) => ip === address) === true;
}

/** `10.0.0.6:8080`, `[2001:db8::a]:443`, `unix:/tmp/a`. */
function hostOf(address: string): string {
  return /^\[([^\]]+)\]:\d+$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? '';
}
