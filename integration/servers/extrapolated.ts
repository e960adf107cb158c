/** What PromQL's `increase()` gives for the samples of one counter in a range: `extrapolatedRate` of promql/functions.go. */
export function increaseOf(
  samples: readonly (readonly [seconds: number, text: string])[],
  range: { readonly startSeconds: number; readonly endSeconds: number },
): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || samples.length < 2) return null;
  const values = samples.map(([, text]) => Number(text));
  let result = (values.at(-1) ?? 0) - (values[0] ?? 0);
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (before !== undefined && value < before) result += before;
  }
  const sampled = last[0] - first[0];
  const between = sampled / (samples.length - 1);
  const threshold = between * 1.1;
  let toStart = first[0] - range.startSeconds;
  const toEnd = range.endSeconds - last[0];
  const firstValue = values[0] ?? 0;
  if (result > 0 && firstValue >= 0) toStart = Math.min(toStart, sampled * (firstValue / result));
  const covered = sampled + (toStart < threshold ? toStart : between / 2) + (toEnd < threshold ? toEnd : between / 2);
  return (result * covered) / sampled;
}
