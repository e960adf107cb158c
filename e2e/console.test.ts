import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, missingBrowser, shoot, soon } from './browser.ts';
import type { OpenBrowser } from './browser.ts';
import { startSandbox } from './sandbox.ts';
import type { RunningSandbox } from './sandbox.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;
if (!hasKubectl) console.warn('Skipped: kubectl is not there');

const scriptBudget = 200 * 1024;

describe.skipIf(missingBrowser)('the console on the sandbox', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  const figure = (page: Page, label: string) => page.locator('.figure', { hasText: label }).locator('.value');
  const kubectl = (...args: string[]) => {
    const { stdout, stderr } = spawnSync('kubectl', ['--kubeconfig', sandbox.kubeconfig, ...args], {
      encoding: 'utf8',
    });
    return stdout === '' ? stderr : stdout;
  };

  test('the figures show with at most 200 KiB of compressed script, and the URL then names the environment', async () => {
    const { page, faults } = await browser.open('about:blank');
    const scripts: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
    });
    await page.goto(sandbox.url);
    await soon(() => figure(page, 'judged an attack').textContent()).toMatch(/\d %/);
    await soon(() => figure(page, 'Flow events dropped').textContent()).toMatch(/\d %/);
    const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
    console.info(`${(bytes / 1024).toFixed(1)} KiB of compressed script until the figures show`);
    expect(bytes).toBeLessThanOrEqual(scriptBudget);
    expect(new URL(page.url()).searchParams.get('env')).not.toBeNull();
    expect(faults).toEqual([]);
    await page.close();
  });

  test('what the page shows is what the interface answers', async () => {
    const from = new Date(Date.now() - 7_200_000).toISOString();
    const to = new Date(Date.now() - 3_600_000).toISOString();
    const { page, faults } = await browser.open(`${sandbox.url}/firewall?from=${from}&to=${to}`);
    await soon(() => figure(page, 'Requests').first().textContent()).toMatch(/\d/);
    const env = new URL(page.url()).searchParams.get('env') ?? '';
    const answer = await fetch(`${sandbox.url}/api/v1/environments/${env}/waf/statistics?from=${from}&to=${to}`);
    const { total, anomalous } = (await answer.json()) as { total: number; anomalous: number };
    expect(await figure(page, 'Requests').first().textContent()).toBe(total.toLocaleString('en'));
    expect(await figure(page, 'Anomalous share').textContent()).toContain(`${anomalous.toLocaleString('en')} requests`);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a client kept by a click has as many requests in the figures as in the list', async () => {
    const from = new Date(Date.now() - 172_800_000).toISOString();
    const to = new Date(Date.now() - 60_000).toISOString();
    const { page } = await browser.open(`${sandbox.url}/firewall?from=${from}&to=${to}`);
    const row = page.getByRole('region', { name: 'Client' }).getByRole('button').first();
    const count = await row.locator('.c').textContent();
    await row.click();
    await soon(() => page.url()).toContain('filter=client');
    await soon(() => figure(page, 'Anomalous share').textContent()).toContain(`${count} request`);
    await soon(() => page.locator('.tbl-foot').textContent()).toContain('Nothing is sampled');
    expect(await page.locator('.tbl-head', { hasText: 'Transactions' }).textContent()).toContain(`${count} anomalous`);
    await page.getByRole('button', { name: /^Remove: client/ }).click();
    await soon(() => page.url()).not.toContain('filter=');
    await page.goBack();
    await soon(() => page.url()).toContain('filter=client');
    await page.close();
  });

  test('the window changes by list, by arrow and by typing, and stands in the URL', async () => {
    const { page, faults } = await browser.open(sandbox.url);
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('button', { name: 'Last 3 hours' }).click();
    await soon(() => page.url()).toContain('range=3h');
    await page.getByRole('button', { name: 'Back by 3 h' }).click();
    await soon(() => new URL(page.url()).searchParams.get('from')).toMatch(/^\d{4}-/);
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByLabel('From').fill('now-6h');
    await page.getByLabel('To', { exact: false }).last().fill('now');
    await shoot(page, 'time-range-1440-light');
    await page.getByRole('button', { name: 'Apply' }).click();
    await soon(() => page.url()).toContain('range=6h');
    await page.goBack();
    await soon(() => page.url()).toContain('from=');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('dragging over a chart zooms to what was dragged', async () => {
    const { page } = await browser.open(sandbox.url);
    const chart = page.getByRole('slider', { name: /^Requests per/ });
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart has no place');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await soon(() => page.url()).toContain('from=');
    const { searchParams } = new URL(page.url());
    const hours = (Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')) / 3_600_000;
    expect(hours).toBeGreaterThan(3);
    expect(hours).toBeLessThan(7);
    await page.close();
  });

  test('a transaction opens beside the list, is text whatever is in it, and gives the focus back', async () => {
    const { page, faults } = await browser.open(`${sandbox.url}/firewall?range=7d`);
    const row = page.getByRole('table', { name: 'Transactions' }).getByRole('link').first();
    await row.focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog', { name: 'Transaction' });
    await drawer.getByRole('region', { name: 'Request', exact: true }).waitFor();
    expect(page.url()).toContain('/firewall/transactions/');
    expect(await drawer.locator('script, img, iframe').count()).toBe(0);
    await shoot(page, 'transaction-1440-light');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('an exclusion is chosen, stands in the URL as its text on the page, and is given back', async () => {
    const { page, faults } = await browser.open(`${sandbox.url}/firewall?range=7d`);
    await page.getByRole('link', { name: 'Tuning' }).click();
    const box = page.getByRole('checkbox').first();
    await box.waitFor({ timeout: 60_000 });
    await box.check();
    const chosen = page.getByRole('region', { name: 'Chosen exclusions' });
    await chosen.getByText('ctl:ruleRemove').waitFor({ timeout: 60_000 });
    expect(page.url()).toMatch(/exclude=[0-9a-f]{16}/);
    await chosen.getByRole('button', { name: 'ingress-nginx' }).click();
    await chosen.getByText('nginx.ingress.kubernetes.io/modsecurity-snippet').waitFor();
    await shoot(page, 'firewall-tuning-chosen-1440-light');
    await box.uncheck();
    await chosen.waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('exclude=');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('keys jump, search and move along the rows', async () => {
    const { page } = await browser.open(sandbox.url);
    await figure(page, 'judged an attack').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('table', { name: 'Policies' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('media-cdn');
    await soon(() => page.url()).toContain('q=media-cdn');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.getAttribute('aria-rowindex'))).toBe('2');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('listbox', { name: 'Results' }).waitFor();
    await page.keyboard.type('firew');
    await page.keyboard.press('Enter');
    await soon(() => page.url()).toContain('/firewall');
    await page.close();
  });

  test.skipIf(!hasKubectl)(
    'a policy is switched off: kubectl sees it and drops begin; switched on again, they stop',
    { timeout: 600_000 },
    async () => {
      const { page, faults } = await browser.open(`${sandbox.url}/policies`);
      const manifest = (): string => kubectl('get', 'cnp', '-n', 'payments', 'allow-checkout-to-gateway', '-o', 'yaml');
      const drawer = page.getByRole('dialog', { name: 'Policy allow-checkout-to-gateway' });
      const apply = drawer.getByRole('button', { name: 'Apply changes' });

      async function switchPolicy(outcome: 'enforced' | 'disabled'): Promise<void> {
        await page.goto(`${sandbox.url}/policies`);
        await page.getByRole('link', { name: 'allow-checkout-to-gateway' }).click();
        await apply.waitFor();
        expect(await apply.isDisabled()).toBe(true);
        await drawer.getByRole('switch').click();
        await drawer.getByRole('region', { name: 'What changes in the manifest' }).waitFor();
        await shoot(page, `policy-changed-to-${outcome}-1440-light`);
        await apply.click();
        await drawer.getByText(`Applied. The cluster has allow-checkout-to-gateway ${outcome}`).waitFor();
        await shoot(page, `policy-applied-${outcome}-1440-light`);
      }

      const pair = 'pair:"shop-prod/checkout -> payments/payment-gateway" port:8443 type:PolicyVerdict';
      const filter = encodeURIComponent(pair);

      async function openFlowsSince(ms: number): Promise<void> {
        await page.goto(
          `${sandbox.url}/network/flows?from=${new Date(ms).toISOString()}&to=now&filter=${filter}&refresh=10s`,
        );
      }

      /** What became of the pair's connections since then, as soon as there was one. */
      async function verdictsSince(ms: number): Promise<readonly string[]> {
        const url = `${sandbox.url}/api/v1/environments/production/flows?from=${new Date(ms).toISOString()}&filter=${filter}`;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, ms - Date.now()) + 100));
        const deadline = Date.now() + 240_000;
        while (Date.now() < deadline) {
          const { items } = (await (await fetch(url)).json()) as { items: readonly { verdict: string }[] };
          if (items.length > 0) return items.map(({ verdict }) => verdict);
          await new Promise((resolve) => setTimeout(resolve, 1000));
        }
        return [];
      }

      await switchPolicy('disabled');
      expect(manifest()).toContain('disabled_by');
      await openFlowsSince(Date.now());
      const rows = page.getByRole('table', { name: 'Flows' }).locator('tbody tr');
      await rows.filter({ hasText: 'Dropped' }).first().waitFor({ timeout: 240_000 });
      await shoot(page, 'drops-begun-1440-light');

      await switchPolicy('enforced');
      const enforcedAt = Date.now();
      expect(manifest()).not.toContain('disabled_by');
      const verdicts = await verdictsSince(enforcedAt + 2000);
      expect(new Set(verdicts)).toEqual(new Set(['FORWARDED']));
      await openFlowsSince(enforcedAt + 2000);
      await page.getByText('Allowed by').first().waitFor();
      await shoot(page, 'drops-stopped-1440-light');
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  test('a predefined policy is deployed by switching it on, and is then like any other', async () => {
    const { page, faults } = await browser.open(`${sandbox.url}/policies?state=predefined&namespace=platform`);
    await page.getByRole('link', { name: 'allow-inbound-http' }).click();
    const drawer = page.getByRole('dialog', { name: 'Policy allow-inbound-http' });
    await drawer.getByText('not in the cluster').waitFor();
    await shoot(page, 'policy-predefined-1440-light');
    await drawer.getByRole('switch').click();
    await drawer.getByRole('region', { name: 'What changes in the manifest' }).waitFor();
    await drawer.getByRole('button', { name: 'Apply changes' }).click();
    await drawer.getByText('Applied. The cluster has allow-inbound-http enforced').waitFor();
    await drawer
      .getByText(/resourceVersion \d+/)
      .first()
      .waitFor();
    await drawer.getByRole('switch').click();
    await drawer.getByRole('button', { name: 'Apply changes' }).click();
    await drawer.getByText('Applied. The cluster has allow-inbound-http disabled').waitFor();
    expect(faults).toEqual([]);
    await page.close();
  });

  test('YAML is folded by mouse and by keyboard, and keeps its line numbers', async () => {
    const { page } = await browser.open(`${sandbox.url}/policies/shop-prod/CiliumNetworkPolicy/cart-to-redis`);
    const yaml = page.getByRole('region', { name: 'Manifest' });
    const under = (name: string) => yaml.getByRole('button', { name: `What stands under ${name}`, exact: true });
    await under('metadata').press('Enter');
    expect(await under('metadata').getAttribute('aria-expanded')).toBe('false');
    expect(await yaml.getByText('name: cart-to-redis').isVisible()).toBe(false);
    await page.keyboard.press('ArrowDown');
    const spec = await page.evaluate(() => document.activeElement?.closest('li')?.dataset['line']);
    expect(await under('spec').evaluate((button) => button.closest('li')?.dataset['line'])).toBe(spec);
    await under('metadata').click();
    expect(await yaml.getByText('name: cart-to-redis').isVisible()).toBe(true);
    await page.close();
  });

  test('a change made elsewhere meanwhile is shown, not overwritten', async () => {
    const { page } = await browser.open(`${sandbox.url}/policies/shop-prod/CiliumNetworkPolicy/web-from-ingress`);
    const drawer = page.getByRole('dialog', { name: 'Policy web-from-ingress' });
    await drawer.getByRole('switch').click();
    await drawer.getByText('auto-deploy-values.yaml').waitFor();
    await shoot(page, 'policy-auto-devops-1440-light');
    const path = 'policies/shop-prod/CiliumNetworkPolicy/web-from-ingress';
    await page.route(`**/${path}/enforcement`, async (route) => {
      await route.continue({ headers: { ...route.request().headers(), 'if-match': '"1"' } });
    });
    await drawer.getByRole('button', { name: 'Apply changes' }).click();
    const said = drawer.getByText('Somebody changed this policy meanwhile. Nothing was written.');
    await said.waitFor();
    expect(await said.isVisible()).toBe(true);
    await shoot(page, 'policy-conflict-1440-light');
    await page.close();
  });
});
