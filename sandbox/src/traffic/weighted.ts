/** Chooses among weighted items with a number from 0 to 1. */
export function chooser<T extends { readonly weight: number }>(items: readonly T[]): (share: number) => T {
  const total = items.reduce((sum, { weight }) => sum + weight, 0);
  return (share) => {
    let left = share * total;
    for (const item of items) {
      left -= item.weight;
      if (left < 0) return item;
    }
    const last = items.at(-1);
    if (last === undefined) throw new Error('nothing to choose from');
    return last;
  };
}
