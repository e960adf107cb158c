import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

const chromiumPath = '/usr/bin/chromium';
const screenshots = join(dirname(fileURLToPath(import.meta.url)), 'screenshots');

/** Why the browser tests cannot run here; null where they can. */
export const missingBrowser = existsSync(chromiumPath) ? null : `no browser: ${chromiumPath} is not there`;
if (missingBrowser) console.warn(`Skipped: ${missingBrowser}`);

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type Theme = 'light' | 'dark';

export interface View {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

export interface OpenBrowser {
  /** A page of its own; `faults` collects what the console of a careful developer would show. */
  open(url: string, view?: View): Promise<{ page: Page; faults: string[] }>;
  close(): Promise<void>;
}

/** A browser with a profile of its own, which goes with it. */
export async function launchBrowser(): Promise<OpenBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'bartizan-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    args: flags,
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  });
  return {
    open: (url, view) => openPage(context, url, view),
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

async function openPage(
  context: BrowserContext,
  url: string,
  view: View = {},
): Promise<{ page: Page; faults: string[] }> {
  const { theme = 'light', width = 1440, height = 1000 } = view;
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.goto(url);
  return { page, faults };
}

/** Leaves a picture in `e2e/screenshots`, for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** The same in both themes, wide and narrow. */
export async function shootEverywhere(page: Page, name: string): Promise<void> {
  for (const [theme, width] of [
    ['dark', 360],
    ['light', 360],
    ['dark', 1440],
    ['light', 1440],
  ] as const) {
    await page.setViewportSize({ width, height: 1000 });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await shoot(page, `${name}-${width}-${theme}`);
  }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** What axe finds wrong, one line each. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const violations = await page.evaluate<readonly AxeViolation[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help} at ${target.join(' ')} (${failureSummary ?? ''})`),
  );
}

/** What holds soon: the page asks, the server answers, and the machine may be busy. */
export function soon<Value>(read: () => Promise<Value> | Value) {
  return expect.poll(read, { timeout: 20_000, interval: 100 });
}
