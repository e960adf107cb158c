/** The link of the next or the previous row of the page's table, from where the focus or the selection is. */
export function nextRow(
  root: ParentNode & { readonly activeElement: Element | null },
  step: 1 | -1,
): HTMLElement | null {
  const rows = [...root.querySelectorAll<HTMLElement>('main tr[data-row]')];
  const focused = root.activeElement?.closest('tr[data-row]');
  const selected = root.querySelector('main tr[aria-selected="true"]');
  const from = rows.findIndex((row) => row === (focused ?? selected));
  const row = from === -1 ? rows.at(step === 1 ? 0 : -1) : rows[from + step];
  row?.scrollIntoView({ block: 'nearest' });
  return row?.querySelector<HTMLElement>('a') ?? null;
}
