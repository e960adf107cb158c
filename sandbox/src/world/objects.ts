import type { JsonObject } from '../json.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { NamespaceSpec, NodeSpec } from './places.ts';
import type { Pod } from './pods.ts';
import type { WorkloadSpec } from './workloads.ts';

const registry = 'registry.alpenshop.example';

export function namespaceObject({ name, labels }: NamespaceSpec): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

export function nodeObject({ name, address, podRange }: NodeSpec): KubeObject {
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'node-role.kubernetes.io/worker': '',
    role: 'worker',
  };
  const capacity = { cpu: '8', memory: '32Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: { podCIDR: `${podRange}.0/24`, podCIDRs: [`${podRange}.0/24`] },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      capacity,
      allocatable: capacity,
      conditions: [
        { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.34.2',
        containerRuntimeVersion: 'containerd://2.1.4',
        osImage: 'Debian GNU/Linux 12',
        architecture: 'amd64',
        operatingSystem: 'linux',
        kernelVersion: '6.1.0',
      },
    },
  };
}

export function deploymentObject(workload: WorkloadSpec): KubeObject {
  const { name, namespace, labels, replicas } = workload;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels, annotations: { 'deployment.kubernetes.io/revision': '7' } },
    spec: {
      replicas,
      selector: { matchLabels: selectorOf(workload) },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: { metadata: { labels }, spec: podSpec(workload) },
    },
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
      conditions: [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }],
    },
  };
}

export function serviceObject(workload: WorkloadSpec, clusterIP: string): KubeObject {
  const { name, namespace, labels } = workload;
  const ports = workload.ports
    .filter(({ service }) => service !== undefined)
    .map(({ name: port, protocol, service }) => ({ name: port, port: service ?? 0, protocol, targetPort: port }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: name === 'coredns' ? 'kube-dns' : name, namespace, labels },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ports,
      selector: selectorOf(workload),
      sessionAffinity: 'None',
    },
    status: { loadBalancer: {} },
  };
}

export function podObject(pod: Pod): KubeObject {
  const { workload } = pod;
  const owner = pod.templateHash
    ? { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${workload.name}-${pod.templateHash}` }
    : { apiVersion: 'apps/v1', kind: 'StatefulSet', name: workload.name };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      namespace: workload.namespace,
      labels: pod.labels,
      ownerReferences: [
        { ...owner, uid: ownerUid(owner.name, workload.namespace), controller: true, blockOwnerDeletion: true },
      ],
    },
    spec: { ...podSpec(workload), nodeName: pod.node.name },
    status: {
      phase: 'Running',
      hostIP: pod.node.address,
      podIP: pod.address,
      podIPs: [{ ip: pod.address }],
      qosClass: 'Burstable',
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: 'True' })),
      containerStatuses: [
        {
          name: workload.name,
          ready: true,
          started: true,
          restartCount: 0,
          image: imageOf(workload),
          imageID: '',
          state: { running: {} },
        },
      ],
    },
  };
}

function podSpec(workload: WorkloadSpec): JsonObject {
  const ports = workload.ports.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol }));
  return {
    serviceAccountName: workload.name,
    restartPolicy: 'Always',
    containers: [
      {
        name: workload.name,
        image: imageOf(workload),
        ports,
        resources: { requests: { cpu: '100m', memory: '128Mi' } },
      },
    ],
  };
}

function imageOf({ namespace, name }: WorkloadSpec): string {
  return `${registry}/${namespace}/${name}:v2.41.0`;
}

/** Owners that the API does not serve still have an identity, the same in every pod of theirs. */
function ownerUid(name: string, namespace: string): string {
  const digits = Buffer.from(`${namespace}/${name}`).toString('hex').padEnd(32, '0').slice(-32);
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}

function selectorOf({ labels }: WorkloadSpec): JsonObject {
  const key = 'app' in labels ? 'app' : 'k8s-app';
  return { [key]: labels[key] ?? '' };
}
