import { readExportLine } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';

const namespaces = 50;
const workloads = 1000;
const ports = [80, 443, 5432, 9100, 8080, 53, 6379, 9090];

/** One of any number of edges between a thousand workloads and addresses outside. */
export function edgeAt(edge: number) {
  const [from, rest] = [edge % workloads, Math.floor(edge / workloads)];
  const [port, peer] = [ports[rest % ports.length] ?? 80, Math.floor(rest / ports.length)];
  const isOutside = peer >= 100;
  const to = isOutside ? peer : (from * 7 + peer * 13 + 1) % workloads;
  return { from, to, port, peer, isOutside, isDropped: edge % 12 === 0 };
}

/** A policy verdict of it. */
export function flowAt({ edge, timeMs, number }: { edge: number; timeMs: number; number: number }): FlowRecord {
  const { from, to, port, peer, isOutside, isDropped } = edgeAt(edge);
  const [entry] = readExportLine(
    JSON.stringify({
      flow: {
        time: new Date(timeMs).toISOString(),
        uuid: `5b1f9a04-${number.toString(16).padStart(12, '0')}`,
        verdict: isDropped ? 'DROPPED' : 'FORWARDED',
        ...(isDropped ? { drop_reason_desc: 'POLICY_DENIED' } : {}),
        IP: {
          source: `10.0.${from >> 8}.${from & 255}`,
          destination: isOutside ? outside(peer) : `10.1.${peer >> 8}.${peer & 255}`,
        },
        l4: { TCP: { source_port: 32_768 + (number % 28_000), destination_port: port } },
        source: pod(from),
        destination: isOutside ? { identity: 2, labels: ['reserved:world'] } : pod(to),
        Type: 'L3_L4',
        event_type: { type: 5 },
        is_reply: false,
        traffic_direction: 'EGRESS',
        node_name: `node-${from % 20}`,
      },
    }),
  );
  if (entry?.kind !== 'flow') throw new Error('an event that cannot be read');
  return entry.record;
}

function outside(number: number): string {
  return `203.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

function pod(number: number): object {
  const namespace = `team-${number % namespaces}`;
  const name = `app-${number}`;
  return {
    identity: 1000 + number,
    namespace,
    labels: [`k8s:app=${name}`, `k8s:io.kubernetes.pod.namespace=${namespace}`],
    pod_name: `${name}-7d9c6bd5f9-x2x4z`,
    workloads: [{ kind: 'Deployment', name }],
  };
}
