// The list of policies in a browser, with 10,000 in the cluster: how soon the first rows are seen (limit: 300 ms, beside the
// page of sources as the least that a page takes), and what scrolling and typing in the filter cost (limit: 50 ms a piece of
// work). The first rows are by the clock of the page, the rest is processor time of the main thread.
import type { Page } from 'playwright-core';
import { launchBrowser } from '../e2e/browser.ts';
import { startConsole } from './console.ts';
import type { StoredPolicy } from './console.ts';
import { costOfSteps, quantile } from './main-thread.ts';

const limits = { firstRowsMs: 300, pieceMs: 50 };
const policies = 10_000;
const namespaces = ['shop-prod', 'payments', 'platform'];
const rounds = 5;
const pauseMs = 100;

function policyAt(at: number): StoredPolicy {
  const from = [{ podSelector: { matchLabels: { app: `client-${at % 97}` } } }];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: `allow-${at}`, namespace: namespaces[at % namespaces.length] ?? '' },
    spec: {
      podSelector: { matchLabels: { app: `app-${at % 500}` } },
      ingress: [{ from, ports: [{ port: 8000 + (at % 1000), protocol: 'TCP' }] }],
    },
  };
}

/** From the beginning of the navigation until an element is seen. */
async function seenAfter(page: Page, url: string, selector: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForSelector(selector);
  return page.evaluate(() => performance.now());
}

function report(what: string, ms: number, limit: number): void {
  console.log(`${what}: ${ms.toFixed(0)} ms; limit ${limit} ms, ratio ${(ms / limit).toFixed(2)}`);
}

const served = await startConsole(Array.from({ length: policies }, (_, at) => policyAt(at)));
const browser = await launchBrowser();
const list = `${served.url}/policies?env=production`;
const { page } = await browser.open(`${served.url}/settings/sources?env=production`);
const row = 'table.pols tbody tr[data-row]';
report('first rows, the console just started', await seenAfter(page, list, row), limits.firstRowsMs);
await page.getByRole('button', { name: /^All 10,?0/ }).waitFor({ timeout: 120_000 });
const warm: number[] = [];
const least: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  least.push(await seenAfter(page, `${served.url}/settings/sources?env=production`, 'main h1'));
  warm.push(await seenAfter(page, list, row));
}
console.log(`the page of sources, its title: ${quantile(least, 0.5).toFixed(0)} ms`);
report('first rows', quantile(warm, 0.5), limits.firstRowsMs);
await page.getByRole('button', { name: /^All 10,?0/ }).waitFor({ timeout: 120_000 });
await page.waitForTimeout(2000);
await page.mouse.move(600, 600);
const wheel = Array.from({ length: 30 }, () => async () => {
  await page.mouse.wheel(0, 900);
  await page.waitForTimeout(pauseMs);
});
report(
  'scrolling by wheel, the longest piece',
  Math.max(...(await costOfSteps(page, wheel)).map(longest)),
  limits.pieceMs,
);
await page.getByLabel('Name, label or text').click();
const typing = [...'allow-77'].map((key) => async () => {
  await page.keyboard.type(key);
  await page.waitForTimeout(3 * pauseMs);
});
report(
  'typing in the filter, the longest piece',
  Math.max(...(await costOfSteps(page, typing)).map(longest)),
  limits.pieceMs,
);
await browser.close();
await served.close();

function longest({ longestMs }: { readonly longestMs: number }): number {
  return longestMs;
}
