/**
 * A port as Go's `strconv.ParseUint(text, 0, 16)` reads it: `010` is octal, `0x50` hexadecimal, and single underscores
 * may part digits. Undefined where it reads none.
 */
export function readPortNumber(text: string): number | undefined {
  if (!/^[0-9][0-9a-zA-Z_]*$/.test(text) || text.includes('__') || text.endsWith('_')) return undefined;
  const low = text.toLowerCase().replaceAll('_', '');
  const digits = /^0[xbo]/.test(low) ? low : /^0[0-9]/.test(low) ? `0o${low.slice(1)}` : low;
  if (!/^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|[0-9]+)$/.test(digits) || digits.length > 40) return undefined;
  const value = Number(digits);
  return value <= 65_535 ? value : undefined;
}
