// Events of a real Hubble Relay before real nodes into the durable history, beside a bare gRPC client of the same Relay that decodes
// the same stream with the generated code and drops it. Each client is a process of its own: FLOWS events (300,000) that the
// nodes hold.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { openDatabase, openFlowStore } from '@bartizan/backends/duckdb';
import { openRelay } from '@bartizan/backends/hubble';
import type { FlowWriter } from '@bartizan/backends';
import { observerWire } from '@bartizan/flow';
import { collectFlows } from '@bartizan/server';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { followRequest, paths } from '../backends/src/hubble/query.ts';
import { startNode, startRelay } from '../integration/servers/hubble.ts';
import type { HubbleNode } from '../integration/servers/hubble.ts';
import { createTraffic } from './relay-flows.ts';

const flows = Number(process.env['FLOWS'] ?? 300_000);
const rounds = Number(process.env['ROUNDS'] ?? 3);
/** Relay holds back what it may have to sort; a node shows an event once another has come behind it. */
const behind = 1000;
const eachHolds = 60_000;
const needed = 0.7;

interface Cost {
  readonly wallMs: number;
  readonly processorMs: number;
  readonly residentMb: number;
}

const [role, address = ''] = process.argv.slice(3);
if (role === 'decode') report(await decoded(address));
else if (role === 'store') report(await stored(address));
else await compare();

function report(cost: Cost): never {
  console.log(JSON.stringify(cost));
  process.exit(0);
}

async function timed(work: () => Promise<void>): Promise<Cost> {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { wallMs, processorMs: (user + system) / 1000, residentMb: process.resourceUsage().maxRSS / 1024 };
}

/** The peer. */
function decoded(relay: string): Promise<Cost> {
  const client = new Client(relay, credentials.createInsecure());
  return timed(
    () =>
      new Promise((resolve, reject) => {
        let count = 0;
        const stream = client.makeServerStreamRequest(
          paths.getFlows,
          (request: observerWire.GetFlowsRequest) => Buffer.from(toBinary(observerWire.GetFlowsRequestSchema, request)),
          (bytes: Buffer) => fromBinary(observerWire.GetFlowsResponseSchema, bytes),
          followRequest({ sinceMs: null, fields: [] }),
          new Metadata(),
        );
        stream.on('data', ({ responseTypes }: observerWire.GetFlowsResponse) => {
          if (responseTypes.case === 'flow') count += 1;
          if (count === flows) resolve();
        });
        stream.on('error', reject);
      }),
  );
}

/** All of ours, as `bartizan serve` wires it. */
async function stored(relay: string): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-relay-'));
  const clock = (): Date => new Date();
  try {
    const database = await openDatabase({ file: join(folder, 'history.duckdb') });
    const store = await openFlowStore(database, { clock });
    return await timed(
      () =>
        new Promise((resolve) => {
          let count = 0;
          const counted: FlowWriter = {
            ...store,
            async append(batch) {
              await store.append(batch);
              count += batch.flows.length;
              if (count >= flows) resolve();
            },
          };
          const source = openRelay({ name: 'prod', address: relay, clock, timeoutMs: 5000 });
          collectFlows({ name: 'prod', location: relay, source, store: counted, clock });
        }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(): Promise<void> {
  const nodes: HubbleNode[] = [];
  for (let at = 0; at * eachHolds < flows; at += 1)
    nodes.push(await startNode({ name: `node-${at}`, ring: 65_535, peers: [...nodes] }));
  const last = nodes.at(-1);
  if (last === undefined) return;
  const relay = await startRelay(last);
  try {
    await fill(nodes);
    const ratios = { wall: [] as number[], processor: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const peer = await asProcess('decode', relay.address);
      const ours = await asProcess('store', relay.address);
      say('decoded and dropped', peer);
      say('stored', ours);
      ratios.wall.push(peer.wallMs / ours.wallMs);
      ratios.processor.push(peer.processorMs / ours.processorMs);
    }
    const [wall, processor] = [median(ratios.wall), median(ratios.processor)];
    console.log(
      `rate of storing to that of decoding alone: ${wall.toFixed(2)}, by processor time ${processor.toFixed(2)}; at least ${needed}`,
    );
  } finally {
    await relay.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

async function fill(nodes: readonly HubbleNode[]): Promise<void> {
  const each = Math.ceil(flows / nodes.length) + behind;
  const traffics = nodes.map(({ name }, at) => createTraffic(name, at + 1));
  const startMs = Date.now() - 60_000;
  for (let at = 0; at < each; at += 5000) {
    for (const [place, node] of nodes.entries()) {
      const next = traffics[place];
      if (next)
        node.feed(
          Array.from(
            { length: Math.min(5000, each - at) },
            (_, row) => next(startMs + ((at + row) / each) * 50_000).event,
          ),
        );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await until(nodes, each);
}

/** Counted by the nodes themselves. */
async function until(nodes: readonly HubbleNode[], each: number): Promise<void> {
  for (const node of nodes) {
    for (;;) {
      const text = await (await fetch(node.metricsUrl)).text();
      const sums = [...text.matchAll(/^hubble_flows_processed_total\{.*\} (\S+)$/gm)].map(([, value]) => Number(value));
      if (sums.reduce((sum, value) => sum + value, 0) >= each) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function asProcess(as: 'decode' | 'store', relay: string): Promise<Cost> {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), 'relay-ingest', as, relay];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(said) as Cost);
      else reject(new Error(`${as} ended with ${code}`));
    });
  });
}

function say(what: string, { wallMs, processorMs, residentMb }: Cost): void {
  const perEvent = ((processorMs * 1000) / flows).toFixed(1);
  console.log(
    `${what}: ${Math.round(flows / (wallMs / 1000))} events a second, ${perEvent} us of processor time each, ${residentMb.toFixed(0)} MB`,
  );
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
