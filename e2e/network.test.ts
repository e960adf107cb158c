import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, missingBrowser, soon } from './browser.ts';
import type { OpenBrowser } from './browser.ts';
import { startSandbox } from './sandbox.ts';
import type { RunningSandbox } from './sandbox.ts';

describe.skipIf(missingBrowser)('the Network page, on the sandbox with a broken policy', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox({ scenario: 'broken-policy' }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  const at = (path: string) => `${sandbox.url}${path}${path.includes('?') ? '&' : '?'}env=production`;
  const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

  test('inbound and outbound are shown apart when asked for, and the URL says so', async () => {
    const { page, faults } = await browser.open(at('/network?range=3h'));
    await page.getByRole('slider', { name: /^Flow events per second/ }).waitFor();
    await page.getByText('In and out apart').click();
    await page.getByRole('slider', { name: /^Inbound per second/ }).waitFor();
    await page.getByRole('slider', { name: /^Outbound per second/ }).waitFor();
    expect(param(page, 'chart')).toBe('apart');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('what is dropped for the first time is listed, and leads to its records', async () => {
    const { page, faults } = await browser.open(at('/network?range=6h'));
    const list = page.getByRole('region', { name: 'Newly dropped pairs' });
    await list.getByRole('link', { name: /checkout to payments\/payment-gateway/ }).click();
    await soon(() => param(page, 'filter')).toContain('pair:');
    expect(new URL(page.url()).pathname).toBe('/network/flows');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('a history that is too short for the window tells what is new of its later part, and says so', async () => {
    const { page } = await browser.open(at('/network?range=7d'));
    await page
      .getByText(/Since .* not seen before in the stored history.*for the time before it is too short/)
      .waitFor();
    expect(await page.getByRole('region', { name: 'New pairs' }).count()).toBe(1);
    await page.close();
  });

  test('the export has as many records as the list counts', async () => {
    const [from, to] = [3_600_000, 600_000].map((ago) => new Date(Date.now() - ago).toISOString());
    const { page } = await browser.open(at(`/network/flows?from=${from}&to=${to}&filter=verdict%3ADROPPED`));
    await soon(() => page.locator('.tbl-head').innerText()).toMatch(/\d match/);
    const count = Number(/([\d,]+) match/.exec(await page.locator('.tbl-head').innerText())?.[1]?.replaceAll(',', ''));
    const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href');
    const lines = (await (await fetch(new URL(href ?? '', sandbox.url))).text()).trimEnd().split('\n');
    expect(lines.length - 1).toBe(count);
    await page.close();
  });

  test('live, new records come in by themselves', async () => {
    const { page, faults } = await browser.open(at('/network/flows?range=1h'));
    const first = page.getByRole('table', { name: 'Flows' }).getByRole('link').first();
    const before = await first.getAttribute('href');
    await page.getByRole('button', { name: 'Live' }).click();
    await soon(() => first.getAttribute('href')).not.toBe(before);
    expect(param(page, 'live')).toBe('yes');
    expect(faults).toEqual([]);
    await page.close();
  });

  test('values of the field that is being typed are suggested from the data', async () => {
    const { page, faults } = await browser.open(at('/network/flows?range=3h'));
    await page.getByRole('combobox', { name: 'Filter' }).fill('verdict:DROPPED port:');
    await soon(() =>
      page.locator('datalist option').evaluateAll((all) => all.map((one) => one.getAttribute('value'))),
    ).toContain('verdict:DROPPED port:8443');
    expect(faults).toEqual([]);
    await page.close();
  });
});
