import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import type { Sandbox, SandboxOptions } from './sandbox.ts';
import { startSandbox } from './sandbox.ts';

const frozen = new Date('2026-11-26T12:00:00Z');
const opened: Sandbox[] = [];

async function start(more: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({
    scenario: 'quiet-day',
    seed: 1,
    now: () => frozen,
    signal: new AbortController().signal,
    history: { requestMinutes: 180, flowMinutes: 30 },
    ...more,
  });
  opened.push(sandbox);
  return sandbox;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(async (sandbox) => sandbox.close()));
});

async function digest(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

test('two run side by side, and the same seed and time make the same bytes', async () => {
  const [one, two, other] = await Promise.all([start(), start(), start({ seed: 2 })]);
  await Promise.all([one.ready, two.ready, other.ready]);
  expect(new Set([one.kubernetesUrl, two.kubernetesUrl, other.kubernetesUrl]).size).toBe(3);
  for (const log of ['auditLog', 'accessLog'] as const) {
    expect(await digest(one[log])).toBe(await digest(two[log]));
    expect(await digest(one[log])).not.toBe(await digest(other[log]));
  }
  const policies = await Promise.all(
    [one, two].map(async ({ kubernetesUrl }) =>
      (await fetch(`${kubernetesUrl}/apis/cilium.io/v2/ciliumnetworkpolicies`)).text(),
    ),
  );
  expect(policies[0]).toBe(policies[1]);
});

test('the kubeconfig says where the API is, and the first environment has requests', async () => {
  const sandbox = await start();
  expect(await readFile(sandbox.kubeconfig, 'utf8')).toContain(`server: ${sandbox.kubernetesUrl}`);
  const [first] = sandbox.environments;
  expect(first).toMatchObject({ id: 'production', namespaces: ['shop-prod', 'payments', 'platform'] });
  await sandbox.ready;
  expect(await readFile(sandbox.accessLog, 'utf8')).toContain('[shop-prod-web-80]');
});

test('closing in the middle of the history ends everything and leaves no folder', async () => {
  const sandbox = await start({ history: { requestMinutes: 40_000, flowMinutes: 1470 } });
  await sandbox.close();
  await expect(access(sandbox.folder)).rejects.toThrow('ENOENT');
  await expect(fetch(sandbox.kubernetesUrl)).rejects.toThrow('fetch failed');
});

test('each source fails in a way of its own when the scenario says so', async () => {
  const sandbox = await start({ scenario: 'source-down' });
  await sandbox.ready;
  const kubernetes = `${sandbox.kubernetesUrl}/apis/cilium.io/v2`;
  expect((await fetch(`${kubernetes}/ciliumclusterwidenetworkpolicies`)).status).toBe(500);
  await expect((await fetch(`${kubernetes}/ciliumcidrgroups`)).json()).rejects.toThrow(SyntaxError);
  expect((await fetch(`${kubernetes}/ciliumnetworkpolicies`)).status).toBe(200);
  expect(await (await fetch(sandbox.metricsUrl)).text()).toContain('bad gateway');
  const lines = (await readFile(sandbox.auditLog, 'utf8')).split('\n');
  expect(lines.some((line) => line.startsWith('<html>'))).toBe(true);
  expect(lines.some((line) => line.startsWith('{"transaction"'))).toBe(true);
});
