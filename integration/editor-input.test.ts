import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, missingBrowser, shoot, soon } from '../e2e/browser.ts';
import type { OpenBrowser } from '../e2e/browser.ts';
import { add, keptDraft, mode, save } from '../e2e/editor-steps.ts';
import { kubernetesMissing, startKubernetes } from './servers/kubernetes.ts';
import type { KubernetesServer } from './servers/kubernetes.ts';
import { objectPath } from './servers/network-policies.ts';
import { startPolicyConsole } from './servers/policy-console.ts';
import type { PolicyConsole } from './servers/policy-console.ts';

const missing = kubernetesMissing ?? missingBrowser;
const cnps = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';
const netpols = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';

const byHand = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: by-hand
  namespace: shop
  annotations: {"note": "it's {odd}: [yes] # no comment"}
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - namespaceSelector: {}
      podSelector:
        matchExpressions:
        - {key: tier, operator: In, values: [front, "back"]}
    ports:
    - port: 8080
      protocol: TCP
`;

describe.skipIf(missing !== null)(`bad input in the editor (${missing ?? 'kube-apiserver, Chromium'})`, () => {
  let folder: string;
  let token: string;
  let kubernetes: KubernetesServer;
  let console: PolicyConsole;
  let browser: OpenBrowser;

  const open = (path: string, view = {}) => browser.open(`${console.url}${path}?env=shop`, view);
  const yamlOf = (page: Page) => page.getByRole('textbox', { name: 'Policy as YAML' });
  /** A new policy in YAML mode, with nothing in it and the cursor there. */
  const openEmptyYaml = async () => {
    const opened = await open('/policies/new');
    const { page } = opened;
    await page.getByLabel('Name', { exact: true }).waitFor();
    await mode(page, 'YAML mode');
    await yamlOf(page).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    return opened;
  };
  const renew = async (forSeconds: number) => {
    await writeFile(`${token}.new`, await kubernetes.signToken({ namespace: 'shop', name: 'console' }, forSeconds));
    await rename(`${token}.new`, token);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-input-'));
    token = join(folder, 'token');
    [kubernetes, browser] = await Promise.all([startKubernetes([]), launchBrowser()]);
    await kubernetes.installCilium();
    await kubernetes.api('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    await kubernetes.api('POST', '/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'console' } });
    await kubernetes.api('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      metadata: { name: 'console' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'console' }],
    });
    await renew(3600);
    const text = await readFile(kubernetes.kubeconfig('admin'), 'utf8');
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, text.replace('token: token-of-admin', `tokenFile: ${token}`));
    console = await startPolicyConsole({ folder: join(folder, 'console'), kubeconfig });
  });

  afterEach(async () => {
    const { page } = await browser.open(console.url);
    for (const other of page.context().pages()) if (other !== page) await other.close();
    await page.evaluate(() => localStorage.clear());
    await page.close();
  });

  afterAll(async () => {
    await browser?.close();
    await console?.stop();
    await kubernetes?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test.each([
    ['HTML', '<img src=x onerror="hacked=1"><script>hacked=1</script>"\'><a href="javascript:hacked=1">x</a>'],
    ['control characters', 'bell\u0007 escape\u001b[31m back\u0008 nothing\u200b tab\t, two\nlines'],
    ['text from right to left', '\u202Egnp.exe\u202C \u2067שלום\u2069 (مرحبا)'],
    ['20,000 characters', 'very-long-without-a-space'.repeat(800)],
  ])('a description of %s is text, everywhere, and is written back as it was', async (what, description) => {
    const name = what.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const spec = { description, endpointSelector: { matchLabels: { app: 'web' } }, ingress: [{}] };
    const made = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name }, spec };
    expect((await kubernetes.api('POST', cnps, made)).status).toBe(201);
    const { page, faults } = await open(`/policies/shop/CiliumNetworkPolicy/${name}`, { width: 360 });
    await page
      .getByRole('dialog', { name: `Policy ${name}` })
      .getByText('In words')
      .waitFor();
    await shoot(page, `input-drawer-${name}-360-light`);
    await soon(() => overflow(page)).toBeLessThanOrEqual(0);
    await page.goto(`${console.url}/policies/shop/CiliumNetworkPolicy/${name}/edit?env=shop`);
    await page.getByLabel('Description').waitFor();
    await shoot(page, `input-editor-${name}-360-light`);
    await soon(() => overflow(page)).toBeLessThanOrEqual(0);
    await add(page, /^Add to applies to labels/, 'tier=front');
    await save(page);
    await page.getByRole('dialog', { name: `Policy ${name}` }).waitFor();
    expect((await kubernetes.api('GET', `${cnps}/${name}`)).body['spec']).toEqual({
      ...spec,
      endpointSelector: { matchLabels: { app: 'web', tier: 'front' } },
    });
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([['<b>bold</b>'], ['über-uns'], ['\u202Eevil'], ['UPPER'], ['a'.repeat(300)], ['two words'], ['true']])(
    'a name like %s is kept as typed, and never sent where the cluster takes no such name',
    async (name) => {
      const { page, faults } = await open('/policies/new');
      await page.getByLabel('Name', { exact: true }).fill(name);
      await soon(() => keptDraft(page)).toContain(name.slice(0, 40));
      expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe(name);
      const button = page.getByRole('button', { name: 'Save policy' });
      await soon(() => button.isDisabled()).toBe(name !== 'true');
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  test('a manifest that is typed key by key is wrong most of the time, and never lost', async () => {
    const { page, faults } = await openEmptyYaml();
    const lines = byHand.trimEnd().split('\n');
    for (const [at, line] of lines.entries()) {
      // A list of completions may be open, which Enter would take from.
      await page.keyboard.press('Escape');
      if (at > 0) await page.keyboard.press('Enter');
      // The editor indents by itself; what is typed takes the place of that.
      await page.keyboard.press('Shift+Home');
      await page.keyboard.type(line);
      const sofar = lines.slice(0, at + 1).join('\n');
      await soon(() => keptDraft(page)).toBe(sofar);
    }
    await save(page);
    await page.getByRole('dialog', { name: 'Policy by-hand' }).waitFor();
    const { body } = await kubernetes.api('GET', objectPath('by-hand'));
    expect(body).toMatchObject({
      metadata: { annotations: { note: "it's {odd}: [yes] # no comment" } },
      spec: { ingress: [{ from: [{ podSelector: { matchExpressions: [{ values: ['front', 'back'] }] } }] }] },
    });
    // Chromium itself tries to keep the colours of a line that is typed over.
    expect(faults.filter((fault) => !fault.startsWith('Applying inline style'))).toEqual([]);
    await page.close();
  });

  test.each([
    ['another kind', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n', /“Deployment” is no policy/],
    ['a list of policies', `apiVersion: v1\nkind: List\nitems: []\n`, /no policy/],
    ['two policies', `${byHand}---\n${byHand}`, /one policy at a time|several/i],
    ['nothing', '', /no policy/],
    ['no YAML', '{{ .Values.policy }}', /Line 1/],
    ['a billion laughs', 'a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nkind: [*c, *c]\n', /./],
  ])('%s is said to be that, and stays in the editor', async (_, text, words) => {
    const { page, faults } = await openEmptyYaml();
    await page.keyboard.insertText(text);
    await soon(() => page.getByRole('status').allInnerTexts()).toEqual([expect.stringMatching(words)]);
    expect(await page.getByRole('button', { name: 'Save policy' }).isDisabled()).toBe(true);
    if (text !== '') await soon(() => keptDraft(page)).toBe(text);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a manifest of a megabyte is opened, changed and saved whole', async () => {
    const ranges = Array.from(
      { length: 20_000 },
      (_, at) => `- ${10 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.0/24`,
    );
    const items = ranges.map((range) => `    - ipBlock:\n        cidr: ${range.slice(2)}`).join('\n');
    const text = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: megabyte\n  namespace: shop\nspec:\n  podSelector: {}\n  ingress:\n  - from:\n${items}\n`;
    expect(text.length).toBeGreaterThan(850_000);
    const { page, faults } = await open('/policies/new');
    await page.getByLabel('Name', { exact: true }).waitFor();
    await mode(page, 'YAML mode');
    await yamlOf(page).click();
    await page.keyboard.press('Control+A');
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await page.keyboard.press('Control+V');
    await soon(async () => (await keptDraft(page)) === text).toBe(true);
    await save(page);
    await page.getByRole('dialog', { name: 'Policy megabyte' }).waitFor({ timeout: 60_000 });
    const { body } = await kubernetes.api('GET', `${netpols}/megabyte`);
    expect((body['spec'] as { ingress: { from: unknown[] }[] }).ingress[0]?.from).toHaveLength(20_000);
    await page.goto(`${console.url}/policies/shop/NetworkPolicy/megabyte/edit?env=shop`);
    await page.getByLabel('Description').fill('large');
    await save(page);
    await page.getByRole('dialog', { name: 'Policy megabyte' }).waitFor({ timeout: 60_000 });
    expect((await kubernetes.api('GET', `${netpols}/megabyte`)).body['metadata']).toMatchObject({
      annotations: { 'kubernetes.io/description': 'large' },
    });
    expect(faults).toEqual([]);
    await page.close();
  }, 240_000);

  test('a token that expires in the middle stops the save with its reason, loses no text, and a new one goes on', async () => {
    await kubernetes.api('POST', netpols, { metadata: { name: 'expiring' }, spec: { podSelector: {} } });
    const { page } = await open('/policies/shop/NetworkPolicy/expiring/edit');
    await page.getByLabel('Description').fill('typed before it expired');
    await renew(-60);
    const note = page.getByText('What the cluster has now is not known.');
    await kubernetes.stopApi();
    await kubernetes.startApi();
    await note.waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Save policy' }).click();
    const review = page.getByRole('dialog', { name: 'Save expiring to shop' });
    await review.getByText('It could not be tried before.').waitFor();
    await review.getByRole('checkbox', { name: 'Save anyway' }).check();
    await review.getByRole('button', { name: 'Save policy' }).click();
    await review.getByText('Nothing was written. A source does not accept our credentials.').waitFor();
    await shoot(page, 'input-expired-1440-light');
    await renew(600);
    await review.getByRole('button', { name: 'Save policy' }).click();
    await page.getByRole('dialog', { name: 'Policy expiring' }).waitFor();
    expect((await kubernetes.api('GET', objectPath('expiring'))).body['metadata']).toMatchObject({
      annotations: { 'kubernetes.io/description': 'typed before it expired' },
    });
    await page.close();
  });
});

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
