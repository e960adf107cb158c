import { dropReasonWords } from '@bartizan/flow';

/** A drop's reason for people; one that is not known stays as Cilium writes it. */
export function reasonWords(reason: string): string {
  return dropReasonWords(reason)?.title ?? reason;
}

const entities: Readonly<Record<string, string>> = {
  world: 'outside the cluster',
  'world-ipv4': 'outside the cluster',
  'world-ipv6': 'outside the cluster',
  host: 'the node itself',
  'remote-node': 'another node',
  'kube-apiserver': 'the Kubernetes API',
  health: 'health checks',
  unmanaged: 'a pod without Cilium',
  init: 'a pod that is starting',
};

export function entityWords(name: string): string {
  return entities[name.replace(/^reserved:/, '')] ?? name;
}
