import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings, launchBrowser, missingBrowser, shoot, soon } from './browser.ts';
import type { OpenBrowser } from './browser.ts';
import { startSandbox } from './sandbox.ts';
import type { RunningSandbox } from './sandbox.ts';

const themes = ['light', 'dark'] as const;

describe.skipIf(missingBrowser)('a page that is not simply full', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  const shootBoth = async (page: Page, name: string) => {
    for (const colorScheme of themes)
      for (const width of [1440, 390]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 1000 });
        await shoot(page, `${name}-${width}-${colorScheme}`);
      }
    return axeFindings(page);
  };

  test('while it loads, the layout stands', async () => {
    const { page } = await browser.open('about:blank');
    await page.route('**/waf/**', () => undefined);
    await page.goto(`${sandbox.url}/firewall?env=production`);
    await page.locator('.bones').first().waitFor();
    const before = await page.locator('.ruled').first().boundingBox();
    expect(await shootBoth(page, 'loading')).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.unroute('**/waf/**');
    await page.goto(`${sandbox.url}/firewall?env=production`);
    await page.locator('.bones').first().waitFor({ state: 'detached' });
    const after = await page.locator('.ruled').first().boundingBox();
    expect(Math.abs((before?.height ?? 0) - (after?.height ?? 0))).toBeLessThanOrEqual(1);
    await page.close();
  });

  test('a window without traffic says so, and is no failure', async () => {
    const { page } = await browser.open(`${sandbox.url}/firewall?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z`);
    await page.getByText(/No traffic in this window|No request could be read/).waitFor();
    expect(await shootBoth(page, 'empty-window')).toEqual([]);
    await page.close();
  });

  test('a filter that lets nothing through says how many there are without it, and one click clears it', async () => {
    const { page } = await browser.open(`${sandbox.url}/network?filter=source%3Anobody`);
    await page.getByText('No flow matches.').waitFor();
    await page.getByText(/[\d,]+ without the filter/).waitFor();
    expect(await shootBoth(page, 'no-match')).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('table', { name: 'Flows' }).waitFor();
    expect(page.url()).not.toContain('filter=');
    await page.close();
  });

  test('a filter that cannot be read says what is wrong with it', async () => {
    const { page } = await browser.open(`${sandbox.url}/firewall`);
    await page
      .getByRole('textbox', { name: 'Filter' })
      .or(page.getByRole('combobox', { name: 'Filter' }))
      .fill('colour:red');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'There is no field "colour"' }).waitFor();
    expect(await shootBoth(page, 'filter-wrong')).toEqual([]);
    await page.close();
  });

  test('an environment that does not exist is said by name, with those that do', async () => {
    const { page } = await browser.open(`${sandbox.url}/firewall?env=atlantis`);
    await page.getByText('There is no environment “atlantis”.').waitFor();
    expect(await shootBoth(page, 'unknown-environment')).toEqual([]);
    await page.close();
  });

  test('without any environment every page says why and what to add', async () => {
    const { page } = await browser.open('about:blank');
    await page.route('**/api/v1/environments', async (route) => {
      const empty = { reason: 'No cluster was found.', fix: 'environments:\n- id: shop\n  namespaces: [shop]' };
      const thresholds = { anomalousShare: 0.05, droppedShare: 0.05 };
      await route.fulfill({ json: { items: [], thresholds, empty } });
    });
    for (const path of ['/', '/firewall', '/network', '/policies', '/settings/sources']) {
      await page.goto(`${sandbox.url}${path}`);
      await page.getByText('No cluster was found.').waitFor();
      await page.getByRole('region', { name: 'Lines to add' }).waitFor();
    }
    expect(await shootBoth(page, 'no-environment')).toEqual([]);
    await page.close();
  });

  test('a failure keeps the last good figures, greyed, says since when, and tries again', async () => {
    const { page } = await browser.open(`${sandbox.url}/firewall`);
    const figure = page.locator('.figure', { hasText: 'Requests' }).first().locator('.value');
    await soon(() => figure.textContent()).toMatch(/^[\d,]+$/);
    const problem = {
      type: 'about:blank',
      status: 504,
      code: 'source-timeout',
      title: 'A source did not answer in time',
    };
    const fail = (route: Route) => route.fulfill({ status: 504, json: problem });
    await page.route('**/waf/**', fail);
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await page
      .getByText(/What you see was read at/)
      .first()
      .waitFor();
    expect(await figure.textContent()).toMatch(/^[\d,]+$/);
    expect(await shootBoth(page, 'failed')).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 1000 });
    await page.unroute('**/waf/**', fail);
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByText(/Requests: A source did not answer/).waitFor({ state: 'detached' });
    await page.close();
  });

  test('a share above the threshold asks to be looked into', async () => {
    const { page } = await browser.open('about:blank');
    await page.route('**/api/v1/environments', async (route) => {
      const answer = (await (await route.fetch()).json()) as object;
      await route.fulfill({ json: { ...answer, thresholds: { anomalousShare: 0.0001, droppedShare: 0.0001 } } });
    });
    await page.goto(`${sandbox.url}/firewall?range=7d`);
    await page.getByRole('link', { name: 'Investigate the anomalous transactions' }).waitFor();
    expect(await shootBoth(page, 'investigate')).toEqual([]);
    await page.close();
  });
});

describe.skipIf(missingBrowser)('with sources down', () => {
  let sandbox: RunningSandbox;
  let browser: OpenBrowser;

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([startSandbox({ scenario: 'source-down' }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await sandbox?.close();
  });

  test.each([
    ['source-down-overview', '/'],
    ['source-down-firewall', '/firewall'],
    ['source-down-network', '/network'],
    ['source-down-policies', '/policies'],
    ['source-down-sources', '/settings/sources'],
  ])('%s names what it could not see, and shows no zero as if it were measured', async (name, path) => {
    for (const theme of themes)
      for (const width of [1440, 390]) {
        const { page } = await browser.open(`${sandbox.url}${path}`, { theme, width });
        await page
          .getByText(/Partial\.|unreachable|Unreachable|Forbidden|could not|Try again|attention/)
          .filter({ visible: true })
          .first()
          .waitFor();
        await page.waitForLoadState('networkidle', { timeout: 20_000 }).catch(() => undefined);
        await shoot(page, `${name}-${width}-${theme}`);
        const figures = path === '/network' ? await page.locator('.figure .value').allTextContents() : [];
        expect(figures.filter((value) => /^0( %)?$/.test(value.trim()))).toEqual([]);
        expect(await axeFindings(page)).toEqual([]);
        await page.close();
      }
  });
});
