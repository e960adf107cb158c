import { builtProgram, installedProgram, missing } from './installed.ts';
import type { Certificates } from './certificates.ts';
import type { Running } from './process.ts';
import { freePorts, startProgram } from './process.ts';

export const hubbleMissing = missing({
  'hubble-node': builtProgram('hubble-node'),
  'hubble-relay': builtProgram('hubble-relay'),
  openssl: installedProgram('openssl'),
});

export interface HubbleNode {
  readonly name: string;
  /** `127.0.0.1:PORT`, observer and peer service. */
  readonly address: string;
  readonly metricsUrl: string;
  /** Gives the node events, one object of Hubble's export format a line. */
  feed(entries: readonly object[]): void;
  /** The same as text. */
  feedLines(lines: string): void;
  stop(): Promise<void>;
}

export interface NodeOptions {
  readonly name: string;
  readonly address?: string;
  /** Flows that it keeps: one less than a power of two. */
  readonly ring?: number;
  readonly peers?: readonly HubbleNode[];
  readonly metricsConfig?: string;
  readonly tls?: Certificates;
  /** Gives every event the time at which it is fed. */
  readonly now?: boolean;
}

/** Cilium's own Hubble server of one node, without a kernel: it has the events that it is fed. */
export async function startNode(options: NodeOptions): Promise<HubbleNode> {
  const { name, address = '127.0.0.1:0', ring = 65_535, peers = [], metricsConfig, tls, now = false } = options;
  const args = [
    ...(metricsConfig === undefined ? [] : [`-metrics-config=${metricsConfig}`]),
    ...(peers.length === 0 ? [] : [`-peers=${peers.map((peer) => `${peer.name}=${peer.address}`).join(',')}`]),
    ...(tls === undefined ? [] : [`-tls-cert=${tls.cert}`, `-tls-key=${tls.key}`]),
    ...(now ? ['-now'] : []),
  ];
  const program = builtProgram('hubble-node') ?? '';
  const node = startProgram(program, [`-name=${name}`, `-listen=${address}`, `-ring=${ring}`, ...args, '-']);
  const line = await node.firstLine();
  if (line === '') throw new Error(`hubble-node did not start: ${node.output()}`);
  const { grpc, metrics } = JSON.parse(line);
  return {
    name,
    address: grpc,
    metricsUrl: metrics,
    feedLines: (lines) => node.write(lines),
    feed: (entries) => node.write(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')),
    stop: () => node.stop(2000),
  };
}

export interface HubbleRelay {
  readonly address: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The real hubble-relay before the nodes that `peer` tells of, itself one of them. */
export async function startRelay(
  peer: HubbleNode,
  options: { readonly tls?: Certificates; readonly asksForCertificate?: boolean } = {},
): Promise<HubbleRelay> {
  const [port, healthPort] = await freePorts(2);
  const address = `127.0.0.1:${port}`;
  const { tls, asksForCertificate = true } = options;
  const serverTls =
    tls === undefined
      ? ['--disable-server-tls']
      : [`--tls-relay-server-cert-file=${tls.cert}`, `--tls-relay-server-key-file=${tls.key}`];
  const clientCa = tls === undefined || !asksForCertificate ? [] : [`--tls-relay-client-ca-files=${tls.ca}`];
  let relay: Running | null = null;

  async function start(): Promise<void> {
    relay = startProgram(builtProgram('hubble-relay') ?? '', [
      'serve',
      `--peer-service=${peer.address}`,
      `--listen-address=${address}`,
      `--health-listen-address=127.0.0.1:${healthPort}`,
      '--disable-client-tls',
      '--gops=false',
      '--retry-timeout=500ms',
      ...serverTls,
      ...clientCa,
    ]);
  }
  await start();
  return { address, start, stop: async () => relay?.stop(2000) };
}
