import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, launchBrowser, missingBrowser, shoot, soon } from './browser.ts';
import type { OpenBrowser } from './browser.ts';
import { add, addInText, mode, rule, save, tabTo, writeEveryRule } from './editor-steps.ts';
import { startSandbox } from './sandbox.ts';
import type { RunningSandbox } from './sandbox.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
if (!hasKubectl) console.warn('Skipped: kubectl is not there');

describe.skipIf(missingBrowser ?? !hasKubectl)('the editor on the sandbox', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.close();
  });

  const kubectl = (...args: string[]) => {
    const { stdout, stderr } = spawnSync('kubectl', ['--kubeconfig', sandbox.kubeconfig, ...args], {
      encoding: 'utf8',
    });
    return stdout === '' ? stderr : stdout;
  };
  const edit = (path: string) => `${sandbox.url}/policies/${path}/edit?env=production`;

  test('a policy with every type of rule is written in Rule mode, added to in YAML, and nothing of it is lost', async () => {
    const { page, faults } = await browser.open(`${sandbox.url}/policies?env=production`);
    await page.getByRole('link', { name: 'New policy' }).click();
    await writeEveryRule(page, 'every-rule');
    await shoot(page, 'editor-rules-1440-light');
    expect(await axeFindings(page)).toEqual([]);
    await mode(page, 'YAML mode');
    const yaml = page.getByRole('textbox', { name: 'Policy as YAML' });
    await addInText(page);
    await mode(page, 'Rule mode');
    const limited = rule(page, 'outbound', 3);
    await limited.getByText('GET /api/.*').waitFor();
    await add(limited, /^Add to http requests/, 'HEAD /api/.*');
    await mode(page, 'YAML mode');
    await soon(() => yaml.textContent()).toContain('HEAD');
    expect(await yaml.textContent()).toContain('# agreed with the shop team');
    await save(page, { note: 'first version' });
    await page.getByRole('dialog', { name: 'Policy every-rule' }).waitFor();
    const stored = kubectl('get', 'cnp', '-n', 'shop-prod', 'every-rule', '-o', 'yaml');
    for (const part of [
      'description: \'Every type of rule: a "test" # not a comment\'',
      'endPort: 8999',
      'port: http',
      'ingressDeny:',
      '- 192.0.2.128/25',
      'type: EchoRequest',
      'k8s:io.kubernetes.pod.namespace: kube-system',
      "matchPattern: '*'",
      "matchPattern: '*.example.net'",
      'path: /api/.*',
      'method: HEAD',
      'operator: In',
    ])
      expect(stored).toContain(part);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('what changed in the cluster while the editor was open is joined with what was typed', async () => {
    const { page } = await browser.open(edit('shop-prod/CiliumNetworkPolicy/recommender'));
    await page.getByLabel('Description').fill('mine');
    const patch = '{"metadata":{"labels":{"team":"reco"}},"spec":{"description":"theirs"}}';
    kubectl('patch', 'cnp', '-n', 'shop-prod', 'recommender', '--type', 'merge', '-p', patch);
    await save(page);
    const dialog = page.getByRole('dialog', { name: 'recommender changed meanwhile' });
    await dialog.getByText('kubectl-patch').waitFor();
    await shoot(page, 'editor-conflict-1440-light');
    expect(await axeFindings(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Yours', exact: true }).click();
    await dialog.getByRole('button', { name: 'Take it into the editor' }).click();
    await dialog.waitFor({ state: 'detached' });
    await save(page);
    await page.getByRole('dialog', { name: 'Policy recommender' }).waitFor();
    const stored = kubectl('get', 'cnp', '-n', 'shop-prod', 'recommender', '-o', 'yaml');
    expect(stored).toContain('team: reco');
    expect(stored).toContain('description: mine');
    await page.close();
  });

  test('a timed change goes back by itself, and the history tells it', async () => {
    const { page, faults } = await browser.open(edit('shop-prod/CiliumNetworkPolicy/cart-to-redis'));
    await page.route(/revertAfter=2m/, (route) =>
      route.continue({ url: route.request().url().replace('revertAfter=2m', 'revertAfter=6s') }),
    );
    const before = kubectl('get', 'cnp', '-n', 'shop-prod', 'cart-to-redis', '-o', 'jsonpath={.spec}');
    await page.getByLabel('Description').fill('for six seconds');
    await save(page, { timer: '2m', note: 'try it out' });
    const drawer = page.getByRole('dialog', { name: 'Policy cart-to-redis' });
    await drawer.getByText('This change goes back in').waitFor();
    await shoot(page, 'policy-pending-1440-light');
    await drawer.getByText('This change goes back in').waitFor({ state: 'detached', timeout: 30_000 });
    await drawer.getByText('timed change taken back: nobody confirmed it in time').waitFor();
    expect(kubectl('get', 'cnp', '-n', 'shop-prod', 'cart-to-redis', '-o', 'jsonpath={.spec}')).toBe(before);
    await shoot(page, 'policy-history-1440-light');
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a deleted policy says what it protected, and comes back from its history', async () => {
    const { page } = await browser.open(edit('payments/CiliumNetworkPolicy/gateway-to-psp'));
    await page.getByRole('button', { name: 'Delete policy' }).click();
    await page.getByText('that only it allowed would be dropped').waitFor();
    await shoot(page, 'policy-delete-1440-light');
    await page.getByRole('button', { name: 'Delete gateway-to-psp' }).click();
    const drawer = page.getByRole('dialog', { name: 'Policy gateway-to-psp' });
    await drawer.getByText('gateway-to-psp is not in the cluster.').waitFor();
    expect(kubectl('get', 'cnp', '-n', 'payments', 'gateway-to-psp')).toContain('NotFound');
    await page.goto(`${sandbox.url}/policies?env=production`);
    await page.getByRole('button', { name: /^Deleted/ }).click();
    await page.getByRole('table', { name: 'Deleted policies' }).getByRole('link', { name: 'gateway-to-psp' }).click();
    await drawer
      .getByRole('button', { name: /deleted/ })
      .first()
      .click();
    await drawer.getByRole('button', { name: 'Restore the version before it was deleted' }).click();
    await soon(() => kubectl('get', 'cnp', '-n', 'payments', 'gateway-to-psp', '-o', 'yaml')).toContain(
      'api.psp.example.net',
    );
    await page.close();
  });

  test('unsaved work asks before it is left, survives a reload, and a policy deleted meanwhile is said', async () => {
    const { page } = await browser.open(edit('shop-prod/CiliumNetworkPolicy/every-rule'));
    await page.getByLabel('Description').fill('not saved');
    await page.getByText('Draft kept on this device').waitFor();
    await page.getByRole('link', { name: 'Network', exact: true }).click();
    await page.getByRole('dialog', { name: 'Leave with unsaved work?' }).waitFor();
    await page.getByRole('button', { name: 'Stay' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await soon(() => page.getByLabel('Description').inputValue()).toBe('not saved');
    kubectl('delete', 'cnp', '-n', 'shop-prod', 'every-rule');
    await page.getByText('was deleted in the cluster while you edit it').waitFor();
    await page.getByRole('button', { name: 'Save it as a new one' }).click();
    await save(page);
    await page.getByRole('dialog', { name: 'Policy every-rule' }).waitFor();
    expect(kubectl('get', 'cnp', '-n', 'shop-prod', 'every-rule', '-o', 'yaml')).toContain('not saved');
    await page.close();
  });

  test('Rule mode is off with place and reason, and every byte stays', async () => {
    const { page } = await browser.open(`${edit('shop-prod/CiliumNetworkPolicy/catalog-egress')}&mode=yaml`);
    const yaml = page.getByRole('textbox', { name: 'Policy as YAML' });
    await yaml.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('  log: {value: seen}\n');
    await page.getByText('Rule mode is off: it cannot show all of this text.').waitFor();
    expect(await page.getByRole('button', { name: 'Rule mode' }).isDisabled()).toBe(true);
    await page.getByText('Rule mode has no place for spec.log').waitFor();
    await shoot(page, 'editor-yaml-1440-light');
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
  });

  test('a policy is written and saved with the keyboard alone', async () => {
    const { page, faults } = await browser.open(`${sandbox.url}/policies/new?env=production`);
    await page.getByLabel('Name', { exact: true }).waitFor();
    await tabTo(page, /^Name$/);
    await page.keyboard.type('by-keyboard');
    await tabTo(page, /^Add to applies to labels/);
    await page.keyboard.type('app=me');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await tabTo(page, /^Duplicate inbound rule 1/);
    await page.keyboard.press('Enter');
    await rule(page, 'inbound', 2).waitFor();
    await tabTo(page, /^Source of inbound rule 2/);
    await page.keyboard.type('ent');
    await tabTo(page, /^Add to entities of inbound rule 2/);
    await page.keyboard.type('host');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Alt+ArrowUp');
    await rule(page, 'inbound', 1).getByText('host').waitFor();
    await tabTo(page, /^Save policy/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('The API server accepts it').waitFor();
    await tabTo(page, /^Save policy/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Policy by-keyboard' }).waitFor();
    const stored = kubectl('get', 'cnp', '-n', 'shop-prod', 'by-keyboard', '-o', 'yaml');
    expect(stored).toContain('app: media');
    expect(stored.indexOf('fromEntities')).toBeLessThan(stored.indexOf('fromEndpoints'));
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([
    ['light', 390],
    ['dark', 390],
    ['dark', 1440],
    ['light', 360],
  ] as const)('in the %s theme at %i px nothing is cut off and axe finds nothing', async (theme, width) => {
    const { page, faults } = await browser.open(edit('payments/CiliumNetworkPolicy/allow-checkout-to-gateway'), {
      theme,
      width,
    });
    await page.getByRole('tab', { name: 'Effect' }).click();
    await page.getByText('As before').waitFor();
    await shoot(page, `editor-${width}-${theme}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await axeFindings(page)).toEqual([]);
    await mode(page, 'YAML mode');
    await page.getByRole('textbox', { name: 'Policy as YAML' }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
});
