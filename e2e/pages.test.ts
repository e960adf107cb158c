import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, launchBrowser, missingBrowser, shoot } from './browser.ts';
import type { OpenBrowser, Theme } from './browser.ts';
import { startSandbox } from './sandbox.ts';
import type { RunningSandbox } from './sandbox.ts';

const pages = [
  ['overview', '/'],
  ['firewall', '/firewall'],
  ['firewall-tuning', '/firewall/tuning?range=7d'],
  ['network', '/network'],
  ['network-flows', '/network/flows?show=dropped'],
  ['policies', '/policies'],
  ['policy', '/policies/payments/CiliumNetworkPolicy/allow-checkout-to-gateway'],
  ['sources', '/settings/sources'],
  ['all-environments', '/?env=-'],
] as const;
const themes: readonly Theme[] = ['light', 'dark'];
const widths = [1440, 390] as const;

describe.skipIf(missingBrowser)('every page, in both themes, wide and narrow', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox({ scenario: 'sqli-campaign' }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  test.each(pages)('%s has no finding of axe, no error in the console and no sideways scroll', async (name, path) => {
    for (const theme of themes)
      for (const width of widths) {
        const height = width < 500 ? 1600 : 1360;
        const { page, faults } = await browser.open(`${sandbox.url}${path}`, { theme, width, height });
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('[aria-busy="true"], .bones').first().waitFor({ state: 'detached' });
        await shoot(page, `${name}-${width}-${theme}`);
        expect(faults).toEqual([]);
        expect(await axeFindings(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await page.close();
      }
  });

  test('the smallest phone and the largest screen hold the pages', async () => {
    for (const width of [360, 3840]) {
      const { page } = await browser.open(`${sandbox.url}/firewall`, { width, height: 1600 });
      await page.locator('[aria-busy="true"], .bones').first().waitFor({ state: 'detached' });
      await page.getByRole('table', { name: 'Transactions' }).waitFor();
      await shoot(page, `firewall-${width}-light`);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await page.close();
    }
  });

  test('a chart can be read as a table and by arrow keys', async () => {
    const { page } = await browser.open(sandbox.url);
    const chart = page.getByRole('slider', { name: /^Requests per/ });
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/nominal, .*detected, .*blocked/);
    await shoot(page, 'overview-cursor-1440-light');
    await page.getByRole('button', { name: 'Show as a table' }).first().click();
    await page.getByRole('table', { name: /^Requests per/ }).waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await shoot(page, 'overview-table-1440-light');
    await page.close();
  });

  test.each([
    ['environments', /^Environment/],
    ['time range', /^Time range/],
    ['refresh', /^Refresh every/],
  ])('the menu of %s has no finding of axe and closes with Esc', async (_, name) => {
    const { page, faults } = await browser.open(sandbox.url);
    const trigger = page.getByRole('button', { name });
    await trigger.click();
    await page.locator('.menu').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('.menu').waitFor({ state: 'detached' });
    expect(await trigger.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });

  test('the palette has no finding of axe', async () => {
    const { page, faults } = await browser.open(sandbox.url, { theme: 'dark' });
    await page.getByRole('button', { name: /^Search or jump to/ }).click();
    await page.getByRole('listbox', { name: 'Results' }).waitFor();
    await shoot(page, 'palette-1440-dark');
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.close();
  });
});
