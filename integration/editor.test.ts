import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { axeFindings, launchBrowser, missingBrowser, shootEverywhere, soon } from '../e2e/browser.ts';
import type { OpenBrowser } from '../e2e/browser.ts';
import { add, addInText, addRule, choose, keptDraft, mode, rule, save, writeEveryRule } from '../e2e/editor-steps.ts';
import { startFaultyProxy } from './servers/faulty-proxy.ts';
import type { FaultyProxy } from './servers/faulty-proxy.ts';
import { exported } from './servers/flow-lines.ts';
import { hubbleMissing, startNode, startRelay } from './servers/hubble.ts';
import type { HubbleNode, HubbleRelay } from './servers/hubble.ts';
import { installedProgram } from './servers/installed.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { startPolicyConsole } from './servers/policy-console.ts';
import type { PolicyConsole } from './servers/policy-console.ts';
import { until } from './servers/process.ts';

const kubectlPath = installedProgram('kubectl');
const missing = kubernetesMissing ?? hubbleMissing ?? missingBrowser ?? (kubectlPath ? null : 'not installed: kubectl');
const cnps = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';

interface Stored {
  readonly metadata: { readonly labels?: Record<string, string>; readonly resourceVersion: string };
  readonly spec: Record<string, unknown>;
}

function allow(name: string, port: number): object {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: 'shop' },
    spec: {
      description: 'as it was',
      endpointSelector: { matchLabels: { app: 'web' } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: 'cart' } }],
          toPorts: [{ ports: [{ port: `${port}`, protocol: 'TCP' }] }],
        },
      ],
    },
  };
}

describe.skipIf(missing !== null)(`the editor on a real API server (${missing ?? 'kube-apiserver, Chromium'})`, () => {
  let folder: string;
  let kubernetes: KubernetesServer;
  let proxy: FaultyProxy;
  let node: HubbleNode;
  let relay: HubbleRelay;
  let console: PolicyConsole;
  let browser: OpenBrowser;
  let events = 0;

  const serve = () =>
    startPolicyConsole({ folder: join(folder, 'console'), kubeconfig: join(folder, 'proxied'), relay: relay.address });
  const kubectl = (...args: string[]): string => {
    const all = ['--kubeconfig', kubernetes.kubeconfig('admin'), '-n', 'shop', ...args];
    const { stdout, stderr } = spawnSync(kubectlPath ?? '', all, { encoding: 'utf8' });
    return stdout === '' ? stderr : stdout;
  };
  const stored = (name: string): Stored => JSON.parse(kubectl('get', 'cnp', name, '-o', 'json'));
  const put = async (object: object) => {
    const { status, body } = await kubernetes.api('POST', cnps, object);
    if (status !== 201) throw new Error(JSON.stringify(body));
  };
  const page = (path: string, view = {}) => browser.open(`${console.url}${path}?env=shop`, view);
  const edit = (name: string, view = {}) => page(`/policies/shop/CiliumNetworkPolicy/${name}/edit`, view);
  const drawer = (on: Page, name: string) => on.getByRole('dialog', { name: `Policy ${name}` });

  /** Verdicts on connections to `shop/web`, as Cilium tells them, over the last seconds. */
  function seen(verdict: 'FORWARDED' | 'DROPPED', port: number, times: number): void {
    const now = Date.now();
    const lines = Array.from({ length: times }, (_, index) => {
      const line = { uuid: `seen-${(events += 1)}`, timeMs: now - index, verdict, from: 'shop', to: 'shop', port };
      const { flow } = exported(line) as { flow: object };
      const end = (app: string) => ({
        ...endOf(app),
        workloads: [{ kind: 'Deployment', name: app }],
        pod_name: `${app}-7d9c6bd5f9-x2x4z`,
      });
      const judged = { event_type: { type: 5, sub_type: 0 }, source: end('cart'), destination: end('web') };
      return { flow: { ...flow, ...judged, policy_match_type: 2 } };
    });
    node.feed([...lines.toReversed(), bystander()]);
  }

  /** Hubble's ring shows an event only once another one has come behind it. */
  function bystander(): object {
    const uuid = `bystander-${(events += 1)}`;
    return exported({ uuid, timeMs: Date.now(), verdict: 'FORWARDED', from: 'edge', to: 'edge', port: 80 });
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-editor-'));
    [kubernetes, node, browser] = await Promise.all([
      startKubernetes(),
      startNode({ name: 'node-a', ring: 8191 }),
      launchBrowser(),
    ]);
    relay = await startRelay(node);
    await kubernetes.installCilium();
    await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    for (const app of ['web', 'cart', 'catalog'])
      await kubernetes.api('POST', '/api/v1/namespaces/shop/pods', {
        metadata: {
          name: `${app}-7d9c6bd5f9-x2x4z`,
          labels: { app },
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-7d9c6bd5f9`, uid: app, controller: true },
          ],
        },
        spec: { containers: [{ name: app, image: app }] },
      });
    proxy = await startFaultyProxy(kubernetes);
    const text = await readFile(kubernetes.kubeconfig('admin'), 'utf8');
    await writeFile(join(folder, 'proxied'), text.replace(kubernetes.server, proxy.url));
    console = await serve();
    seen('FORWARDED', 8080, 40);
    seen('DROPPED', 9999, 5);
  });

  afterAll(async () => {
    await browser?.close();
    await console?.stop();
    await proxy?.stop();
    await relay?.stop();
    await node?.stop();
    await kubernetes?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('every type of rule, written in both modes, is in the cluster as the text says it', async () => {
    const { page: opened, faults } = await page('/policies');
    await opened.getByRole('link', { name: 'New policy' }).click();
    await writeEveryRule(opened, 'every-rule');
    await mode(opened, 'YAML mode');
    await addInText(opened);
    await mode(opened, 'Rule mode');
    await rule(opened, 'outbound', 3).getByText('GET /api/.*').waitFor();
    await opened.getByText('Draft kept on this device').waitFor();
    await soon(() => keptDraft(opened)).toContain('# agreed with the shop team');
    const draft = parse((await keptDraft(opened)) ?? '');
    await opened.getByRole('button', { name: 'Save policy' }).click();
    const review = opened.getByRole('dialog', { name: 'Save every-rule to shop' });
    await review.getByText('1 comment will not be in the cluster').waitFor();
    await review.getByText('The API server accepts it').waitFor();
    await shootEverywhere(opened, 'real-review');
    await review.getByRole('button', { name: 'Save policy' }).click();
    await drawer(opened, 'every-rule').waitFor();
    expect(stored('every-rule').spec).toEqual(draft.spec);
    expect(Object.keys(draft.spec)).toEqual(expect.arrayContaining(['ingress', 'ingressDeny', 'egress']));
    expect(faults).toEqual([]);
    await opened.close();
  });

  test('a change by kubectl while the editor is open is joined with what was typed, nothing lost on either side', async () => {
    await put(allow('both', 8080));
    const { page: opened } = await edit('both');
    await opened.getByLabel('Description').fill('mine');
    const out = await addRule(opened, 'outbound');
    await choose(out, 'Destination of outbound rule 1', 'entity');
    await add(out, /^Add to entities/, 'kube-apiserver');
    const theirs = {
      metadata: { labels: { team: 'web' } },
      spec: { description: 'theirs', ingressDeny: [{ fromEntities: ['world'] }] },
    };
    kubectl('patch', 'cnp', 'both', '--type', 'merge', '-p', JSON.stringify(theirs));
    await opened.getByText('This policy changed in the cluster: kubectl-patch wrote it.').waitFor({ timeout: 3000 });
    await opened.getByRole('button', { name: 'Compare and join' }).click();
    const conflict = opened.getByRole('dialog', { name: 'both changed meanwhile' });
    const place = (number: number) => conflict.getByRole('region', { name: `Place ${number}`, exact: true });
    await place(2).waitFor();
    await shootEverywhere(opened, 'real-conflict');
    expect(await axeFindings(opened)).toEqual([]);
    await place(1).getByRole('button', { name: 'Yours', exact: true }).click();
    await place(2).getByRole('button', { name: 'Yours, then theirs' }).click();
    await conflict.getByRole('button', { name: 'Take it into the editor' }).click();
    await conflict.waitFor({ state: 'detached' });
    await save(opened);
    await drawer(opened, 'both').waitFor();
    const { metadata, spec } = stored('both');
    expect(metadata.labels).toEqual({ team: 'web' });
    expect(spec).toEqual({
      ...(allow('both', 8080) as { spec: object }).spec,
      description: 'mine',
      ingressDeny: [{ fromEntities: ['world'] }],
      egress: [{ toEntities: ['kube-apiserver'] }],
    });
    await opened.close();
  });

  test('a timed change shows what it drops meanwhile, and goes back with the browser closed and the console restarted', async () => {
    await put(allow('timed', 8080));
    const before = stored('timed').spec;
    const { page: opened, faults } = await edit('timed');
    await opened.route(/revertAfter=2m/, (route) =>
      route.continue({ url: route.request().url().replace('revertAfter=2m', 'revertAfter=20s') }),
    );
    await opened.getByLabel('Description').fill('only for now');
    await save(opened, { timer: '2m', note: 'try it out' });
    await drawer(opened, 'timed').getByText('This change goes back in').waitFor();
    seen('DROPPED', 8080, 30);
    await drawer(opened, 'timed')
      .getByText(/Dropped at shop\/web: [\d.,]+ a minute since the change \(30 of 30 flow events\)/)
      .waitFor();
    await drawer(opened, 'timed')
      .getByText(/before \(5 of 45 flow events\)/)
      .waitFor();
    await shootEverywhere(opened, 'real-pending');
    expect(await axeFindings(opened)).toEqual([]);
    expect(faults).toEqual([]);
    await opened.close();
    await console.stop();
    expect(stored('timed').spec).toMatchObject({ description: 'only for now' });
    console = await serve();
    await until('it is back', () => (stored('timed').spec['description'] === 'as it was' ? true : undefined));
    expect(stored('timed').spec).toEqual(before);
    const { page: later } = await page('/policies/shop/CiliumNetworkPolicy/timed');
    await drawer(later, 'timed').getByText('A timed change was taken back: nobody confirmed it in time').waitFor();
    await drawer(later, 'timed').getByRole('region', { name: 'History' }).scrollIntoViewIfNeeded();
    await shootEverywhere(later, 'real-history');
    await later.close();
  });

  test('deleting says what it protected, and the history brings it back', async () => {
    await put(allow('doomed', 8080));
    const before = stored('doomed').spec;
    await kubernetes.api('DELETE', `${cnps}/both`);
    await kubernetes.api('DELETE', `${cnps}/timed`);
    await kubernetes.api('DELETE', `${cnps}/every-rule`);
    const { page: opened } = await edit('doomed');
    await opened.getByRole('button', { name: 'Delete policy' }).click();
    const dialog = opened.getByRole('dialog', { name: 'Delete doomed?' });
    await dialog.getByText(/5 recorded connections that it denied would pass/).waitFor();
    await dialog.getByText(/9999\/TCP/).waitFor();
    await shootEverywhere(opened, 'real-delete');
    await dialog.getByRole('button', { name: 'Delete doomed' }).click();
    await drawer(opened, 'doomed').getByText('doomed is not in the cluster.').waitFor();
    expect(kubectl('get', 'cnp', 'doomed')).toContain('NotFound');
    await drawer(opened, 'doomed')
      .getByRole('button', { name: /deleted/ })
      .first()
      .click();
    await drawer(opened, 'doomed').getByRole('button', { name: 'Restore the version before it was deleted' }).click();
    await drawer(opened, 'doomed')
      .getByText(/is in the cluster again/)
      .waitFor();
    expect(stored('doomed').spec).toEqual(before);
    await opened.close();
  });

  test('a rename says that it creates and deletes, and does both', async () => {
    await put(allow('old-name', 8081));
    const { page: opened } = await edit('old-name');
    await opened.getByRole('button', { name: 'Rename' }).click();
    await opened.getByLabel('Name', { exact: true }).fill('new-name');
    await opened.getByRole('button', { name: 'Save policy' }).click();
    const review = opened.getByRole('dialog', { name: 'Save new-name to shop' });
    await review.getByText('It is created under its new name, and then old-name is deleted.').waitFor();
    await review.getByText('The API server accepts it').waitFor();
    await review.getByRole('button', { name: 'Save policy' }).click();
    await drawer(opened, 'new-name').waitFor();
    expect(stored('new-name').spec).toEqual((allow('old-name', 8081) as { spec: object }).spec);
    expect(kubectl('get', 'cnp', 'old-name')).toContain('NotFound');
    await opened.close();
  });

  test('the list follows what kubectl does within two seconds, and an open policy with it', async () => {
    const { page: opened } = await page('/policies');
    const row = opened.getByRole('row', { name: /\blive-one\b/ });
    await opened.getByRole('row', { name: /drop-outbound/ }).waitFor();
    const soonHere = { timeout: 2000 };
    await put(allow('live-one', 8082));
    await row.waitFor(soonHere);
    await row.click();
    await drawer(opened, 'live-one').getByText('as it was').first().waitFor();
    await kubernetes.api('PATCH', `${cnps}/live-one`, { spec: { description: 'as it is now' } });
    await drawer(opened, 'live-one').getByText('as it is now').first().waitFor(soonHere);
    await kubernetes.api('DELETE', `${cnps}/live-one`);
    await row.waitFor({ ...soonHere, state: 'detached' });
    await drawer(opened, 'live-one').getByText('live-one is not in the cluster.').waitFor(soonHere);
    expect(await row.count()).toBe(0);
    await opened.close();
  });

  test('what the answer to a save does not say, the page does not say either, and the text stays', async () => {
    await put(allow('unsure', 8083));
    const { page: opened } = await edit('unsure');
    await opened.getByLabel('Description').fill('did it get in?');
    proxy.next(async (forward) => {
      await forward();
      await kubernetes.stopApi();
      return 'lost';
    });
    await save(opened);
    const review = opened.getByRole('dialog', { name: 'Save unsure to shop' });
    await review.getByText('It is not known whether it was written.').waitFor();
    await review.getByText('Your text is kept.').waitFor();
    await shootEverywhere(opened, 'real-unknown');
    await review.getByRole('button', { name: 'Back to the editor' }).click();
    await kubernetes.startApi();
    await opened.getByText('This policy changed in the cluster: bartizan wrote it.').waitFor();
    await opened.getByRole('button', { name: 'Compare and join' }).click();
    await opened.getByText('Both changes fit together.').waitFor();
    await opened.getByRole('button', { name: 'Take it into the editor' }).click();
    await opened.getByText('Nothing differs from the cluster').waitFor();
    expect(stored('unsure').spec).toMatchObject({ description: 'did it get in?' });
    await opened.close();
  });
});

function endOf(app: string): object {
  return {
    identity: app.length + 1000,
    namespace: 'shop',
    labels: [`k8s:app=${app}`, 'k8s:io.kubernetes.pod.namespace=shop'],
  };
}
