import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '@bartizan/sandbox';

export interface BenchConsole {
  readonly url: string;
  close(): Promise<void>;
}

export interface StoredPolicy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: unknown;
}

/** A policy as the API server takes it. */
export function storedPolicy(object: unknown): StoredPolicy {
  // A manifest that the benchmark wrote itself: it has these fields.
  return object as StoredPolicy;
}

/** `bartizan serve` on the sandbox's cluster with these policies beside its own, and hardly any history. */
export async function startConsole(policies: readonly StoredPolicy[]): Promise<BenchConsole> {
  const stop = new AbortController();
  const sandbox = await startSandbox({
    scenario: 'quiet-day',
    seed: 1,
    now: () => new Date(),
    signal: stop.signal,
    history: { requestMinutes: 1, flowMinutes: 1 },
  });
  await sandbox.ready;
  for (const policy of policies) await store(sandbox.kubernetesUrl, policy);
  const folder = mkdtempSync(join(tmpdir(), 'bench-console-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(
    join(folder, 'bartizan.yaml'),
    `dataFolder: data
clusters: [{name: sandbox, kubeconfig: ${sandbox.kubeconfig}}]
environments: [{id: production, cluster: sandbox, namespaces: [shop-prod, payments, platform]}]
`,
  );
  const launcher = join(process.cwd(), 'cli/bin/bartizan.mjs');
  const args = [launcher, 'serve', '--config', join(folder, 'bartizan.yaml'), '--port', '0'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) =>
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim())),
  );
  return {
    url,
    async close() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      stop.abort();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function store(api: string, policy: StoredPolicy): Promise<void> {
  const plural = policy.kind === 'NetworkPolicy' ? 'networkpolicies' : 'ciliumnetworkpolicies';
  const answer = await fetch(`${api}/apis/${policy.apiVersion}/namespaces/${policy.metadata.namespace}/${plural}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(policy),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
