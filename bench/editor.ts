// The policy editor in a browser, on a policy of 500 rules: what a key costs the page (limit: 16 ms a frame) beside a bare
// CodeMirror with the same text, how soon the preview is of the last text (150 ms), and what switching modes costs with 50
// rules (50 ms) and with 500. Processor time of the main thread; only the preview's delay is by the clock.
import { readManifests } from '@bartizan/policy';
import type { Page } from 'playwright-core';
import { rolldown } from 'rolldown';
import { launchBrowser } from '../e2e/browser.ts';
import { startConsole, storedPolicy } from './console.ts';
import { largePolicy } from './large-policy.ts';
import { costOfSteps, quantile } from './main-thread.ts';

const limits = { frameMs: 16, previewMs: 150, switchMs: 50 };
const keys = [...'the quick brown fox jumps over the lazy dog'];
const pauseMs = 100;
const text = largePolicy(500, { name: 'large', namespace: 'shop-prod' });
const medium = largePolicy(50, { name: 'medium', namespace: 'shop-prod' });

async function type(page: Page): Promise<{ readonly median: number; readonly p95: number }> {
  const steps = keys.map((key) => async () => {
    await page.keyboard.type(key);
    await page.waitForTimeout(pauseMs);
  });
  const frames = (await costOfSteps(page, steps)).map(({ frameMs }) => frameMs);
  return { median: quantile(frames, 0.5), p95: quantile(frames, 0.95) };
}

/** From the last key until the preview says it, by the page's own clock. */
async function previewDelay(page: Page, word: string): Promise<number> {
  await page.evaluate((wanted) => {
    const panel = document.querySelector('[role=tabpanel]');
    performance.clearMarks();
    document.addEventListener('keydown', () => performance.mark('bench-key'), { capture: true });
    new MutationObserver((_, observer) => {
      if (!panel?.textContent.includes(wanted)) return;
      observer.disconnect();
      performance.mark('bench-shown');
    }).observe(panel ?? document.body, { subtree: true, childList: true, characterData: true });
  }, word);
  await page.keyboard.type(word);
  await page.waitForFunction(() => performance.getEntriesByName('bench-shown').length > 0);
  return page.evaluate(() => {
    const last = (name: string) => performance.getEntriesByName(name).at(-1)?.startTime ?? Number.NaN;
    return last('bench-shown') - last('bench-key');
  });
}

/** Into a text in quotes near the top, as the editor and the bare CodeMirror both have it. */
async function goToDescription(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Policy as YAML' }).click();
  await page.keyboard.press('Control+Home');
  for (let line = 0; line < 5; line += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('  description: "');
  await page.waitForTimeout(1000);
}

/** What was typed is kept as a draft, and the next page would ask about it. */
async function forget(page: Page): Promise<void> {
  await page.waitForTimeout(1000);
  await page.evaluate(() => localStorage.clear());
  await page.close();
}

async function bareEditor(): Promise<string> {
  const entry = '\0bare-editor';
  const code = `import { basicSetup, EditorView } from 'codemirror';
    globalThis.openEditor = (doc) => new EditorView({ doc, parent: document.body, extensions: [basicSetup,
      EditorView.contentAttributes.of({ 'aria-label': 'Policy as YAML' })] });`;
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'bare-editor',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  return output[0].code;
}

function reportFrames(name: string, { median, p95 }: { median: number; p95: number }, peer: { p95: number }): void {
  console.log(
    `${name}: ${median.toFixed(1)} ms a frame, p95 ${p95.toFixed(1)} ms; limit ${limits.frameMs} ms, ratio ${(p95 / limits.frameMs).toFixed(2)}; to the bare editor ${(p95 / peer.p95).toFixed(2)}`,
  );
}

async function switchModes(page: Page, name: string): Promise<void> {
  const modes = Array.from({ length: 10 }, () => ['YAML mode', 'Rule mode']).flat();
  const steps = modes.map((mode) => async () => {
    await page.getByRole('button', { name: mode }).evaluate((button: HTMLButtonElement) => button.click());
    await page.waitForTimeout(500);
  });
  const costs = await costOfSteps(page, steps);
  for (const mode of ['YAML mode', 'Rule mode']) {
    const own = costs.filter((_, at) => modes[at] === mode);
    const frame = quantile(
      own.map(({ frameMs }) => frameMs),
      0.5,
    );
    const total = quantile(
      own.map(({ totalMs }) => totalMs),
      0.5,
    );
    console.log(
      `${name}, to ${mode}: ${frame.toFixed(0)} ms until it is seen, ${total.toFixed(0)} ms in all; limit ${limits.switchMs} ms, ratio ${(frame / limits.switchMs).toFixed(2)}`,
    );
  }
}

const [tested, browser] = await Promise.all([
  startConsole([text, medium].map((one) => storedPolicy(readManifests(one).manifests[0]?.object))),
  launchBrowser(),
]);
const edit = (name: string, mode = '') =>
  `${tested.url}/policies/shop-prod/CiliumNetworkPolicy/${name}/edit?env=production${mode}`;
const restMs = 3000;
try {
  const { page: bare } = await browser.open('about:blank');
  await bare.addScriptTag({ content: await bareEditor() });
  await bare.evaluate(`openEditor(${JSON.stringify(text)})`);
  await goToDescription(bare);
  const peer = await type(bare);
  console.log(`bare CodeMirror: ${peer.median.toFixed(1)} ms a frame, p95 ${peer.p95.toFixed(1)} ms`);
  await bare.close();

  const { page: yaml } = await browser.open(edit('large', '&mode=yaml&tab=yaml'));
  await yaml.getByRole('textbox', { name: 'Policy as YAML' }).waitFor();
  await yaml.waitForTimeout(restMs);
  await goToDescription(yaml);
  const delays: number[] = [];
  for (const word of ['alpha', 'bravo', 'charlie', 'delta', 'echo']) delays.push(await previewDelay(yaml, ` ${word}`));
  console.log(
    `preview after the last key, by the clock: ${quantile(delays, 0.5).toFixed(0)} ms; limit ${limits.previewMs} ms, ratio ${(quantile(delays, 0.5) / limits.previewMs).toFixed(2)}`,
  );
  await yaml.getByRole('tab', { name: 'In words' }).click();
  await yaml.getByRole('textbox', { name: 'Policy as YAML' }).focus();
  reportFrames('a key in YAML mode', await type(yaml), peer);
  await forget(yaml);

  const { page: rules } = await browser.open(edit('large'));
  await rules.getByLabel('Description').waitFor();
  await rules.waitForTimeout(restMs);
  await rules.getByLabel('Description').click();
  reportFrames("a key in Rule mode's description", await type(rules), peer);
  await rules.getByRole('combobox', { name: /^Add to labels of inbound rule 3/ }).click();
  reportFrames('a key in the labels of a rule', await type(rules), peer);
  await forget(rules);

  for (const name of ['medium', 'large']) {
    const { page } = await browser.open(edit(name));
    await page.getByLabel('Description').waitFor();
    await page.waitForTimeout(restMs);
    await switchModes(page, name === 'medium' ? '50 rules' : '500 rules');
    await page.close();
  }
} finally {
  await browser.close();
  await tested.close();
}
process.exit(0);
