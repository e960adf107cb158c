import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRelay } from './hubble/relay.ts';
import { createRings } from './hubble/rings.ts';
import { runCiliumOperator } from './kubernetes/cilium-operator.ts';
import { kubeconfigFor } from './kubernetes/kubeconfig.ts';
import { refusalsOf } from './kubernetes/policy-schema.ts';
import { createApiServer } from './kubernetes/server.ts';
import type { Store } from './kubernetes/store.ts';
import { createStore } from './kubernetes/store.ts';
import { closeServer, listenOnFreePort } from './listening.ts';
import { createCounters } from './metrics/counters.ts';
import { createMetricsServer } from './metrics/server.ts';
import type { ScenarioName } from './scenarios/scenario.ts';
import { scenarioOf } from './scenarios/scenario.ts';
import type { Random } from './seeded.ts';
import { createRandom } from './seeded.ts';
import type { Past } from './traffic/network.ts';
import { runNetwork } from './traffic/network.ts';
import { readAttacks } from './waf/attacks.ts';
import { writeWafLogs } from './waf/logs.ts';
import { createWebTraffic } from './waf/requests.ts';
import { clusterName, hosts, nodes } from './world/places.ts';
import type { PolicyEdit } from './world/world.ts';
import { buildWorld } from './world/world.ts';

export interface SandboxOptions {
  readonly scenario: ScenarioName;
  readonly seed: number;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Where the kubeconfig is to be written; in the sandbox's folder unless given. */
  readonly kubeconfigFile?: string;
  readonly log?: (line: string) => void;
  /** How much past is made; 30 days of requests and a day of flows unless given. */
  readonly history?: { readonly requestMinutes: number; readonly flowMinutes: number };
}

/** An environment that suits the sandbox, for the console's configuration. */
export interface SandboxEnvironment {
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly namespaces: readonly string[];
  /** Hosts whose requests belong to it. */
  readonly hosts: readonly string[];
}

export interface Sandbox {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly kubernetesUrl: string;
  readonly relayAddress: string;
  readonly metricsUrl: string;
  readonly auditLog: string;
  readonly accessLog: string;
  readonly environments: readonly SandboxEnvironment[];
  /** Settles when all history is there to be read. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

const wholeHistory = { requestMinutes: 30 * 24 * 60, flowMinutes: 24 * 60 + 30 };
/** Cilium's ring sizes are one less than a power of two. */
const ringCapacity = 32_767;

/** A small cluster in this process that speaks the real protocols on free ports of the loopback address. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { now, seed, history = wholeHistory, log = () => undefined } = options;
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const scenario = scenarioOf(options.scenario);
  const random = createRandom(seed);
  const start = now();
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-sandbox-'));
  const store = createWorldStore();
  const world = buildWorld({ store, random, now: start, edits: scenario.edits });
  runCiliumOperator({ store, now, signal });

  const uids = random.fork('new');
  const api = createApiServer({
    store,
    now,
    validate: refusalsOf,
    newUid: () => uids.uuid(),
    newSuffix: () => uids.suffix(5),
    faultOf: (plural) => scenario.kubernetes[plural],
  });
  const kubernetesUrl = `http://127.0.0.1:${await listenOnFreePort(api)}`;
  const kubeconfig = options.kubeconfigFile ?? join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigFor({ name: clusterName, server: kubernetesUrl }), { mode: 0o600 });
  log(`Kubernetes API at ${kubernetesUrl}`);

  const attacks = readAttacks();
  const startMinute = Math.floor(start.getTime() / 60_000);
  const auditLog = join(folder, 'modsec_audit.log');
  const accessLog = join(folder, 'access.log');
  const gateway = world.pods.find(({ workload }) => workload.name === 'ingress-gateway');
  const logs = writeWafLogs({
    auditLog,
    accessLog,
    origin: {
      evaluation: attacks.evaluation,
      serverId: random.fork('server').hex(40),
      hostAddress: gateway?.address ?? '10.4.1.1',
    },
    traffic: createWebTraffic({ random, pods: world.pods, attacks, campaigns: scenario.campaigns, startMinute }),
    historyMinutes: history.requestMinutes,
    garbledFrom: scenario.auditLogGarbledMinutes && start.getTime() - scenario.auditLogGarbledMinutes * 60_000,
    now,
    signal,
    log,
  });

  const since = start.getTime() - history.flowMinutes * 60_000;
  const rings = createRings({ nodes: nodes.map(({ name }) => name), capacity: ringCapacity });
  const counters = createCounters();
  const relay = await startRelay({ rings, now, since, fault: scenario.relay });
  const metrics = createMetricsServer(counters, scenario.metrics);
  const metricsUrl = `http://127.0.0.1:${await listenOnFreePort(metrics)}/metrics`;
  log(`Hubble Relay at ${relay.address}, its metrics at ${metricsUrl}`);
  const network = runNetwork({
    store,
    past: pastOf(scenario.edits, { random, now: start }),
    random,
    historyMinutes: history.flowMinutes,
    now,
    signal,
    log,
    remember: rings.record,
    countLive: counters.count,
  });

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    ending.abort();
    await Promise.all([network.close(), logs.close()]);
    await Promise.all([closeServer(api), closeServer(metrics), relay.close()]);
    await rm(folder, { recursive: true, force: true });
  }

  return {
    folder,
    kubeconfig,
    kubernetesUrl,
    relayAddress: relay.address,
    metricsUrl,
    auditLog,
    accessLog,
    environments: environments(),
    ready: Promise.all([logs.history, network.history]).then(() => undefined),
    close: () => (closing ??= close()),
  };
}

function createWorldStore(): Store {
  return createStore({ firstVersion: 48_213_000, keep: 2000 });
}

/** The cluster as it was before a scenario's edits. */
function pastOf(
  edits: readonly PolicyEdit[],
  { random, now }: { readonly random: Random; readonly now: Date },
): Past | undefined {
  if (edits.length === 0) return undefined;
  const store = createWorldStore();
  buildWorld({ store, random, now, edits: [] });
  return { store, until: now.getTime() - Math.max(...edits.map(({ minutesAgo }) => minutesAgo)) * 60_000 };
}

function environments(): SandboxEnvironment[] {
  const namespaces = ['shop-prod', 'payments', 'platform'];
  const all = {
    id: 'production',
    name: 'Production',
    cluster: clusterName,
    namespaces,
    hosts: hosts.map(({ host }) => host),
  };
  const each = namespaces.map((namespace) => ({
    id: namespace,
    name: namespace,
    cluster: clusterName,
    namespaces: [namespace],
    hosts: hosts.filter((host) => host.namespace === namespace).map(({ host }) => host),
  }));
  return [all, ...each];
}
