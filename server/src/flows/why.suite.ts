import type { Cluster, KubernetesObject } from '@bartizan/backends';
import { readExportLine } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { memoryCluster, memoryState } from '../deps.fixture.ts';
import { connectionOf } from './ends-of.ts';
import { policiesThen } from './policies-then.ts';
import { createWhyMemory } from './why-memory.ts';
import { whyOf } from './why.ts';

/** One event as Hubble's exporter writes it: a policy verdict unless it says otherwise. */
export function record(flow: object): FlowRecord {
  const line = readExportLine(
    JSON.stringify({ flow: { time: '2026-06-15T12:00:00Z', Type: 'L3_L4', event_type: { type: 5 }, ...flow } }),
  );
  const [first] = Array.isArray(line) ? line : [line];
  if (first?.kind !== 'flow') throw new Error('no flow');
  return first.record;
}

export const web = {
  namespace: 'shop',
  labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'],
  pod_name: 'web-0',
};
export const api = {
  namespace: 'shop',
  labels: ['k8s:app=api', 'k8s:io.kubernetes.pod.namespace=shop'],
  pod_name: 'api-0',
};
export const toPort = (port: number) => ({
  TCP: { source_port: 41_000, destination_port: port, flags: { SYN: true } },
});

export function policy(name: string, spec: object, metadata: object = {}): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: 'shop', creationTimestamp: '2026-06-01T00:00:00Z', ...metadata },
    spec,
  };
}

export async function why(flow: FlowRecord, policies: readonly KubernetesObject[], state = memoryState()) {
  return whyIn(memoryCluster(policies), flow, state);
}

export async function whyIn(cluster: Cluster, flow: FlowRecord, state = memoryState()) {
  const memory = createWhyMemory(() => new Date(0));
  const asked = connectionOf(flow, memory.inventory(cluster));
  const policies = await policiesThen({ cluster, state, atMs: Date.parse(flow.time), namespaces: ['shop'], memory });
  return whyOf(flow, { asked, policies, memory });
}
