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
