const longest = 253;

/** `web-copy`, `web-copy-2`, …: a name that is not taken. */
export function copyName(name: string, taken: readonly string[]): string {
  const stem = name.slice(0, longest - 10).replace(/[-.]+$/, '');
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? `${stem}-copy` : `${stem}-copy-${count}`;
    if (!taken.includes(candidate)) return candidate;
  }
}
