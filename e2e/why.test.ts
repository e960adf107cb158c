import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, launchBrowser, missingBrowser, shoot, soon } from './browser.ts';
import type { OpenBrowser } from './browser.ts';
import { startSandbox } from './sandbox.ts';
import type { RunningSandbox } from './sandbox.ts';

const broken = 'filter=verdict%3ADROPPED+port%3A8443';

describe.skipIf(missingBrowser)('why a flow was dropped, on the sandbox with a broken policy', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox({ scenario: 'broken-policy' }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  const at = (path: string) => `${sandbox.url}${path}${path.includes('?') ? '&' : '?'}env=production&range=1h`;
  const drawer = (page: Page) => page.getByRole('dialog', { name: 'Flow' });
  const openFirst = async (page: Page) => {
    await page.getByRole('table', { name: 'Flows' }).getByRole('link').first().click();
    await drawer(page).getByText('Entering payment-gateway: denied.').waitFor();
  };
  const statistics = async (from: string, filter: string): Promise<{ total: number; dropped: number }> => {
    const to = new Date(Math.max(Date.now(), Date.parse(from) + 1000)).toISOString();
    const query = new URLSearchParams({ from, to, filter });
    const answer = await fetch(`${sandbox.url}/api/v1/environments/production/flows/statistics?${query.toString()}`);
    return (await answer.json()) as { total: number; dropped: number };
  };

  test('the drawer walks through both ends, has an address of its own, and gives the focus back', async () => {
    const { page, faults } = await browser.open(at(`/network?${broken}`));
    await openFirst(page);
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toMatch(/^\/network\/flow\/.+/);
    expect(searchParams.get('filter')).toBe('verdict:DROPPED port:8443');
    const text = await drawer(page).innerText();
    expect(text).toContain('Leaving checkout: allowed.');
    expect(text).toContain('Our walk agrees with the verdict.');
    expect(text).toMatch(/allow-checkout-to-gateway ingress\[0\]\s+would have allowed it, but port 8443 is not 8080/);
    await shoot(page, 'why-1440-light');
    const again = await browser.open(page.url());
    await drawer(again.page).getByText('Entering payment-gateway: denied.').waitFor();
    await again.page.close();
    await page.keyboard.press('Escape');
    await soon(() => new URL(page.url()).pathname).toBe('/network');
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 360],
    ['dark', 390],
  ] as const)('in the %s theme at %i px nothing is cut off and axe finds nothing', async (theme, width) => {
    const { page, faults } = await browser.open(at(`/network/flows?${broken}`), { theme, width });
    await openFirst(page);
    await drawer(page).getByText('Open as draft').waitFor();
    await soon(() => drawer(page).getByText('…').count()).toBe(0);
    await shoot(page, `why-${width}-${theme}`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('the deciding rule leads to its line in the policy', async () => {
    const { page, faults } = await browser.open(at(`/network/flows?${broken}`));
    await openFirst(page);
    await drawer(page).getByRole('link', { name: 'checkout-egress egress[1]' }).click();
    const line = page.locator('.code .at-line');
    await soon(() => line.textContent()).toMatch(/toEndpoints/);
    expect(await line.isVisible()).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('from the drop to its end: why, the draft, its effect, a save with a timer, and no more drops', async () => {
    const { page, faults } = await browser.open(at(`/network?${broken}`));
    await openFirst(page);
    await drawer(page).getByRole('link', { name: 'Open as draft' }).click();
    await soon(() => new URL(page.url()).pathname).toMatch(/allow-checkout-to-gateway\/edit$/);
    await page.getByRole('tab', { name: 'Diff' }).click();
    await soon(() => page.locator('.code.diff .add').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('port: "8443"')]),
    );
    await page.getByRole('tab', { name: 'Effect' }).click();
    await page.getByRole('heading', { name: 'Newly allowed' }).waitFor();
    await soon(() => page.getByRole('tabpanel').innerText()).toMatch(/checkout[^]*payment-gateway[^]*8443/);
    expect(await page.getByRole('tabpanel').innerText()).toMatch(/Newly denied\s+0/i);
    await shoot(page, 'why-draft-effect');
    await page.getByRole('button', { name: 'Save policy' }).click();
    const review = page.getByRole('dialog');
    await review.getByText('The API server accepts it').waitFor();
    const anyway = review.getByRole('checkbox');
    if ((await anyway.count()) > 0) await anyway.first().check();
    await review.getByLabel('How long the change stays').selectOption('10m');
    await review.getByRole('button', { name: 'Save with a timer' }).click();
    await page.getByText(/This change goes back in/).waitFor();
    // The agents take a moment to follow; what checkout sends after that goes through.
    const since = new Date(Date.now() + 3000).toISOString();
    const sent = async () => {
      const { total, dropped } = await statistics(since, 'port:8443 source:shop-prod/checkout');
      return total > 0 ? dropped : null;
    };
    await expect.poll(sent, { timeout: 60_000, interval: 500 }).toBe(0);
    await page.goBack();
    await page.goBack();
    await drawer(page)
      .getByText(/policies as they are now let it through/i)
      .waitFor();
    await shoot(page, 'why-after');
    expect(faults).toEqual([]);
    await page.close();
  });
});
