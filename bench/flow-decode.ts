import { fromBinary, fromJson, toBinary } from '@bufbuild/protobuf';
import { createConnectionReader, flowWire, fromRelay, readExportLine } from '@bartizan/flow';
import { seededRandom } from './policy-world.ts';

const count = 200_000;
const random = seededRandom(3);
const below = (limit: number): number => Math.floor(random() * limit);

function pod(index: number): object {
  const namespace = `ns-${index % 20}`;
  return {
    ID: index,
    identity: 1000 + index,
    namespace,
    labels: [
      `k8s:app=app-${index}`,
      'k8s:io.cilium.k8s.policy.cluster=default',
      `k8s:io.kubernetes.pod.namespace=${namespace}`,
    ],
    pod_name: `app-${index}-7d4b9c6f8d-x2k9p`,
    workloads: [{ name: `app-${index}`, kind: 'Deployment' }],
  };
}

function flow(index: number): { flow: object } {
  const [from, to] = [below(1000), below(1000)];
  return {
    flow: {
      time: new Date(1_781_524_800_000 + index).toISOString(),
      uuid: `u${index}`,
      verdict: random() < 0.9 ? 'FORWARDED' : 'DROPPED',
      IP: { source: `10.0.${from >> 8}.${from & 255}`, destination: `10.0.${to >> 8}.${to & 255}`, ipVersion: 'IPv4' },
      l4: { TCP: { source_port: 30_000 + below(30_000), destination_port: 8000 + below(4), flags: { SYN: true } } },
      source: pod(from),
      destination: pod(to),
      Type: 'L3_L4',
      node_name: 'default/n1',
      event_type: { type: 5 },
      traffic_direction: 'INGRESS',
      is_reply: false,
    },
  };
}

/** By processor time, so that other work on the machine does not count. */
function timed(what: string, work: () => void): void {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  console.log(`${what}: ${Math.round((count * 1000) / (user + system))},000 a second`);
}

const flows = Array.from({ length: count }, (_, index) => flow(index));
const messages = flows.map(({ flow: json }) =>
  toBinary(flowWire.FlowSchema, fromJson(flowWire.FlowSchema, JSON.parse(JSON.stringify(json)))),
);
const lines = flows.map((each) => JSON.stringify(each));

for (let round = 0; round < 2; round += 1) {
  timed('protobuf alone', () => messages.forEach((bytes) => fromBinary(flowWire.FlowSchema, bytes)));
  timed('protobuf and fromRelay', () => messages.forEach((bytes) => fromRelay(fromBinary(flowWire.FlowSchema, bytes))));
  timed('JSON.parse alone', () => lines.forEach((line) => JSON.parse(line)));
  timed('readExportLine', () => lines.forEach((line) => readExportLine(line)));
  const reader = createConnectionReader();
  timed('readExportLine and grouping to connections', () => {
    for (const line of lines)
      for (const entry of readExportLine(line)) if (entry.kind === 'flow') reader.add(entry.record);
  });
}
