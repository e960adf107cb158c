import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startConsole } from './console.ts';
import type { RunningConsole } from './console.ts';

export interface PolicyAnswer {
  readonly status: number;
  readonly etag: string;
  readonly body: Record<string, unknown>;
}

export interface PolicyConsole extends RunningConsole {
  send(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<PolicyAnswer>;
}

/** The console on one cluster and its environment `shop`; what it keeps is in the folder, for the next one started there. */
export async function startPolicyConsole(options: {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly namespaces?: readonly string[];
  /** Address of a Hubble Relay. */
  readonly relay?: string;
}): Promise<PolicyConsole> {
  const { folder, kubeconfig, namespaces = ['shop'], relay } = options;
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'bartizan.yaml');
  const cluster = { name: 'real', kubeconfig, ...(relay === undefined ? {} : { relay: { address: relay } }) };
  const environments = [{ id: 'shop', cluster: 'real', namespaces }];
  await writeFile(config, JSON.stringify({ clusters: [cluster], environments }));
  const console = await startConsole(['serve', '--config', config, '--port', '0']);
  return {
    ...console,
    async send(method, path, body, headers = {}) {
      const answer = await fetch(`${console.url}${path}`, {
        method,
        headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return {
        status: answer.status,
        etag: answer.headers.get('etag') ?? '',
        body: (await answer.json()) as Record<string, unknown>,
      };
    },
  };
}
