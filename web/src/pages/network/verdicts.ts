/** Verdicts beside forwarded and dropped, most frequent first, in small letters; at most three, the rest added up. */
export function otherVerdicts(
  byVerdict: Readonly<Record<string, number>>,
): readonly { readonly name: string; readonly count: number }[] {
  const others = Object.entries(byVerdict)
    .filter(([name, count]) => name !== 'FORWARDED' && name !== 'DROPPED' && count > 0)
    .map(([name, count]) => ({ name: name.charAt(0) + name.slice(1).toLowerCase(), count }))
    .toSorted((a, b) => b.count - a.count);
  if (others.length <= 2) return others;
  const rest = others.slice(1).reduce((sum, { count }) => sum + count, 0);
  return [...others.slice(0, 1), { name: 'Other verdicts', count: rest }];
}
