import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launcher, startConsole, untilReady } from './servers/console.ts';
import type { RunningConsole } from './servers/console.ts';
import { builtProgram, installedProgram, missing } from './servers/installed.ts';
import { freePorts, startProgram, until } from './servers/process.ts';

const kubectl = installedProgram('kubectl');
const hubble = builtProgram('hubble');
const prometheus = installedProgram('prometheus');
const run = promisify(execFile);

let folder: string;
let sandbox: RunningConsole;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bartizan-sandbox-test-'));
  sandbox = await startConsole(['sandbox', '--port', '0', '--kubeconfig', join(folder, 'kubeconfig')]);
  await untilReady(sandbox);
});

afterAll(async () => {
  const code = await sandbox.stop();
  if (code !== 0) throw new Error(`the sandbox ended with ${code}: ${sandbox.program.output()}`);
  await rm(folder, { recursive: true });
});

/** A line that the sandbox says about itself on standard error. */
function said(pattern: RegExp): string {
  return pattern.exec(sandbox.program.output())?.[1] ?? '';
}

interface Policy {
  readonly enabled: boolean;
  readonly manifest: string;
}

const kubectlMissing = missing({ kubectl });

describe.skipIf(kubectlMissing !== null)(`kubectl on the sandbox (${kubectlMissing ?? 'the real one'})`, () => {
  const k = async (...args: string[]) =>
    (await run(kubectl ?? '', ['--kubeconfig', join(folder, 'kubeconfig'), ...args])).stdout;

  test('lists, describes and labels what is there', async () => {
    expect(await k('get', 'netpol,cnp', '-A')).toMatch(/networkpolicy\.networking\.k8s\.io\/default-deny/);
    expect(await k('get', 'pods', '-n', 'shop-prod', '-l', 'app=web', '-o', 'name')).toMatch(/^pod\/web-/);
    expect(await k('describe', 'netpol', 'default-deny', '-n', 'shop-prod')).toMatch(/Policy Types: +Ingress, Egress/);
    await k('label', 'netpol', 'default-deny', '-n', 'shop-prod', 'tested=yes');
    expect(await k('get', 'netpol', '-A', '-l', 'tested=yes', '-o', 'name')).toBe(
      'networkpolicy.networking.k8s.io/default-deny\n',
    );
  });

  test('creates, replaces, applies and deletes, and the console follows', async () => {
    const file = join(folder, 'policy.yaml');
    const manifest = (app: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: made, namespace: payments}\nspec: {podSelector: {matchLabels: {app: ${app}}}}\n`;
    const path = '/api/v1/environments/payments/policies/payments/NetworkPolicy/made';
    await writeFile(file, manifest('one'));
    await k('create', '--validate=false', '-f', file);
    expect((await sandbox.json<Policy>(path)).manifest).toContain('app: one');
    await writeFile(file, manifest('two'));
    await k('replace', '--validate=false', '-f', file);
    await writeFile(file, manifest('three'));
    await k('apply', '--validate=false', '-f', file);
    await until(
      'the list follows',
      async () => {
        const { items } = await sandbox.json<{ items: readonly { name: string; manifest: string }[] }>(
          '/api/v1/environments/payments/policies',
        );
        return items.some(({ name, manifest: text }) => name === 'made' && text.includes('app: three'))
          ? true
          : undefined;
      },
      { withinMs: 2000 },
    );
    await k('delete', 'netpol', 'made', '-n', 'payments');
    expect((await fetch(`${sandbox.url}${path}`)).status).toBe(404);
  });

  test('sees a policy that the console disabled', async () => {
    const path = '/api/v1/environments/production/policies/shop-prod/NetworkPolicy/cart-from-web';
    const etag = (await fetch(`${sandbox.url}${path}`)).headers.get('etag') ?? '';
    const answer = await fetch(`${sandbox.url}${path}/enforcement`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'if-match': etag },
      body: '{"enabled":false}',
    });
    expect(answer.status).toBe(200);
    expect(await k('get', 'netpol', 'cart-from-web', '-n', 'shop-prod', '-o', 'yaml')).toContain(
      'network-policy.gitlab.com/disabled_by: gitlab',
    );
  });
});

describe('bartizan policy on the sandbox', () => {
  const policy = async (...args: string[]) => {
    const cluster = ['--context', 'prod-eu1', '--kubeconfig', join(folder, 'kubeconfig')];
    return (await run(process.execPath, [launcher, 'policy', ...args, ...cluster])).stdout;
  };

  test('reads its policies and its pods in place of files', async () => {
    expect(JSON.parse(await policy('check'))).toMatchObject({ ok: true });
    expect(await policy('describe', '--namespace', 'payments')).toContain('gateway-to-psp');
    const ends = ['--from', 'shop-prod/checkout', '--to', 'payments/payment-gateway'];
    expect(JSON.parse(await policy('explain', ...ends, '--port', '8443/TCP', '-o', 'json'))).toMatchObject({
      verdict: 'allowed',
    });
    expect(JSON.parse(await policy('explain', ...ends, '--port', '22/TCP', '-o', 'json'))).toMatchObject({
      verdict: 'denied',
    });
    expect(await policy('connectivity')).toContain('payments/ledger[Deployment] => payments/postgres[StatefulSet]');
  });
});

const hubbleCommandMissing = missing({ hubble });

describe.skipIf(hubbleCommandMissing !== null)(
  `hubble on the sandbox's Relay (${hubbleCommandMissing ?? 'the real command'})`,
  () => {
    const h = async (...args: string[]) =>
      (await run(hubble ?? '', ['--server', said(/--server (\S+) observe/), ...args], { maxBuffer: 64 * 1024 * 1024 }))
        .stdout;

    test('reads flows, filtered and whole', async () => {
      const lines = (await h('observe', '--last', '200', '-o', 'jsonpb')).trim().split('\n');
      expect(lines).toHaveLength(200);
      const dropped = (await h('observe', '--last', '20', '--verdict', 'DROPPED', '-o', 'jsonpb')).trim().split('\n');
      const verdicts = dropped.map((line) => (JSON.parse(line) as { flow?: { verdict: string } }).flow?.verdict);
      expect(new Set(verdicts)).toEqual(new Set(['DROPPED']));
      expect(await h('observe', '--last', '3')).toMatch(/(FORWARDED|DROPPED|REDIRECTED)/);
    });

    test('reads status, nodes and namespaces', async () => {
      expect(await h('status')).toMatch(/Connected Nodes: \d+\/\d+/);
      expect(await h('list', 'nodes')).toMatch(/prod-eu1/);
      expect(await h('list', 'namespaces')).toMatch(/shop-prod/);
    });
  },
);

const prometheusMissing = missing({ prometheus });

describe.skipIf(prometheusMissing !== null)(
  `Prometheus on the sandbox's metrics (${prometheusMissing ?? 'the real one'})`,
  () => {
    test('scrapes the series of the original request', async () => {
      const [port] = await freePorts(1);
      const target = new URL(said(/Hubble's metrics (\S+)/));
      const config = join(folder, 'prometheus.yml');
      await writeFile(
        config,
        `scrape_configs: [{job_name: hubble, scrape_interval: 1s, static_configs: [{targets: ['${target.host}']}]}]\n`,
      );
      const server = startProgram(prometheus ?? '', [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ]);
      try {
        const query = encodeURIComponent('sum by (verdict) (hubble_flows_processed_total{destination="shop-prod"})');
        const verdicts = await until('scraped', async () => {
          const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${query}`);
          const { data } = (await answer.json()) as { data: { result: readonly { metric: { verdict: string } }[] } };
          return data.result.length > 0 ? data.result.map(({ metric }) => metric.verdict) : undefined;
        });
        expect(verdicts).toContain('FORWARDED');
      } finally {
        await server.stop();
      }
    });
  },
);

test("one environment's figures add up, and the first has firewall traffic", async () => {
  const { items } = await sandbox.json<{ items: readonly { id: string }[] }>('/api/v1/environments');
  const first = `/api/v1/environments/${items[0]?.id}`;
  const waf = await sandbox.json<{
    total: number;
    anomalous: number;
    blocked: number;
    detected: number;
    buckets: readonly { total: number }[];
  }>(`${first}/waf/statistics?range=7d`);
  expect(waf.total).toBeGreaterThan(10_000);
  expect(waf.anomalous).toBe(waf.blocked + waf.detected);
  expect(waf.buckets.reduce((sum, { total }) => sum + total, 0)).toBe(waf.total);
  const flows = await sandbox.json<{
    total: number;
    ingress: { total: number };
    egress: { total: number };
    internal: { total: number };
  }>(`${first}/flows/statistics?range=8h`);
  expect(flows.total).toBeGreaterThan(1000);
  expect(flows.total).toBe(flows.ingress.total + flows.egress.total - flows.internal.total);
});
