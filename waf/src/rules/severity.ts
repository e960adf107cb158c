/** In the order of their numbers, 0 to 7. */
export const severityNames = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as const;

/** From its name or its digit; null for anything else, and for 0, with which engines say that a rule sets none. */
export function severityOf(text: string): number | null {
  const named = severityNames.findIndex((name) => name === text.toLowerCase());
  if (named >= 0) return named;
  return /^[1-7]$/.test(text) ? Number(text) : null;
}
