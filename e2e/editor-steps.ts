import type { Locator, Page } from 'playwright-core';

/** A rule card by its direction and number. */
export function rule(page: Page, direction: 'inbound' | 'outbound', number: number): Locator {
  return page.getByRole('listitem', { name: `${direction} rule ${number}`, exact: true });
}

/** Types into one of the lists of a sentence, and takes it. */
export async function add(place: Locator | Page, list: RegExp, text: string): Promise<void> {
  const field = place.getByRole('combobox', { name: list });
  await field.fill(text);
  await field.press('Enter');
}

export async function choose(place: Locator | Page, label: string, value: string): Promise<void> {
  await place.getByLabel(label, { exact: true }).selectOption(value);
}

export async function addRule(page: Page, direction: 'inbound' | 'outbound'): Promise<Locator> {
  const section = page.getByRole('region', { name: direction === 'inbound' ? 'Inbound rules' : 'Outbound rules' });
  const before = await section.getByRole('listitem').count();
  await page.getByRole('button', { name: `Add rule, ${direction}` }).click();
  const card = rule(page, direction, before + 1);
  await card.waitFor();
  return card;
}

/** Goes on with Tab, as somebody without a mouse does, until a name has the focus. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 120; step += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element?.getAttribute('aria-label') ?? '';
      const labels =
        element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((one) => one.textContent) : [];
      return [label, ...labels, label === '' ? (element?.textContent ?? '') : ''].join(' ').trim();
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never came to ${name}`);
}

/** From the editor into the cluster: the review, its tick where it asks for one, and the write. */
export async function save(page: Page, { timer = '', note = '' } = {}): Promise<void> {
  await page.getByRole('button', { name: 'Save policy' }).click();
  const dialog = page.getByRole('dialog', { name: /^Save / });
  await dialog.getByText('The API server accepts it').waitFor();
  if (note !== '') await dialog.getByLabel(/^Why/).fill(note);
  if (timer !== '') await choose(dialog, 'How long the change stays', timer);
  const anyway = dialog.getByRole('checkbox', { name: 'Save anyway' });
  if ((await anyway.count()) > 0) await anyway.check();
  await dialog.getByRole('button', { name: timer === '' ? 'Save policy' : 'Save with a timer' }).click();
}

/** A new policy in Rule mode with every type of rule that it has fields for. */
export async function writeEveryRule(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Description').fill('Every type of rule: a "test" # not a comment');
  await add(page, /^Add to applies to labels/, 'app=web');
  const pods = rule(page, 'inbound', 1);
  await add(pods, /^Add to labels of/, 'app=cart');
  await add(pods, /^Add to labels of/, 'tier in (front, back)');
  await choose(pods, 'Ports of inbound rule 1: which', 'ports');
  await add(pods, /^Add to ports of/, '8000-8999');
  await add(pods, /^Add to ports of/, 'http');
  const denied = await addRule(page, 'inbound');
  await choose(denied, 'Action of inbound rule 2', 'deny');
  await choose(denied, 'Source of inbound rule 2', 'cidr');
  await add(denied, /^Add to address ranges/, '192.0.2.0/24 except 192.0.2.128/25');
  const ping = await addRule(page, 'inbound');
  await choose(ping, 'Source of inbound rule 3', 'entity');
  await add(ping, /^Add to entities/, 'world');
  await choose(ping, 'Ports of inbound rule 3: which', 'icmp');
  await add(ping, /^Add to icmp types/, 'EchoRequest');
  const dns = await addRule(page, 'outbound');
  await choose(dns, 'Namespaces of outbound rule 1', 'named');
  await add(dns, /^Add to namespace names/, 'kube-system');
  await choose(dns, 'Ports of outbound rule 1: which', 'ports');
  await add(dns, /^Add to ports of/, '53/any');
  await choose(dns, 'Requests of outbound rule 1: which', 'dns');
  await add(dns, /^Add to dns lookups/, '*');
  const names = await addRule(page, 'outbound');
  await choose(names, 'Destination of outbound rule 2', 'dns');
  await add(names, /^Add to names/, 'api.example.org');
  await add(names, /^Add to names/, '*.example.net');
  await page.getByRole('switch', { name: 'Enforcement' }).click();
}

/** In the YAML: a comment before everything, and a rule on HTTP after it. */
export async function addInText(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'Policy as YAML' }).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.insertText('# agreed with the shop team\n');
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(
    '  - toEndpoints:\n    - matchLabels:\n        app: catalog\n    toPorts:\n    - ports:\n      - port: "8080"\n        protocol: TCP\n      rules:\n        http:\n        - method: GET\n          path: /api/.*\n',
  );
}

export function mode(page: Page, name: 'Rule mode' | 'YAML mode'): Promise<void> {
  return page.getByRole('button', { name }).click();
}

/** What the browser keeps of the editor's text. */
export function keptDraft(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('bartizan.draft.'));
    return key === undefined ? null : (JSON.parse(localStorage.getItem(key) ?? '{}').text as string);
  });
}
