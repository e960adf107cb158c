import type { FlowTotals } from '@bartizan/api';
import type { ByVerdict } from './decode.ts';

export const unknownTotals: FlowTotals = {
  total: null,
  dropped: null,
  droppedShare: null,
  ingress: null,
  egress: null,
  internal: null,
  byVerdict: {},
};

interface Increases {
  readonly ingress: ByVerdict;
  readonly egress: ByVerdict;
  /** In or out, each once. */
  readonly total: ByVerdict;
}

/**
 * Whole numbers that add up, from those that `increase()` extrapolated: each figure is rounded by itself, what both directions
 * share is what is left, and the verdicts are rounded so that they sum up to the total.
 */
export function wholeTotals({ ingress, egress, total }: Increases): FlowTotals {
  const into = countsOf(ingress);
  const out = countsOf(egress);
  const all = countsOf(total);
  const internal = {
    total: Math.max(0, into.total + out.total - all.total),
    dropped: Math.max(0, into.dropped + out.dropped - all.dropped),
  };
  const events = into.total + out.total - internal.total;
  const dropped = into.dropped + out.dropped - internal.dropped;
  return {
    total: events,
    dropped,
    droppedShare: events === 0 ? null : dropped / events,
    ingress: into,
    egress: out,
    internal,
    byVerdict: verdictsOf(total, { events, dropped }),
  };
}

/** Of all that goes in or comes out, the part that does one of the two; what is inside does both. */
export function placedTotals({ ingress, egress, total }: Increases, place: 'ingress' | 'egress'): FlowTotals {
  const inside = new Map(
    [...total].map(([verdict, either]) => {
      const both = (ingress.get(verdict) ?? 0) + (egress.get(verdict) ?? 0) - either;
      return [verdict, Math.max(0, both)];
    }),
  );
  const part = place === 'ingress' ? { ingress, egress: inside } : { ingress: inside, egress };
  return wholeTotals({ ...part, total: part[place] });
}

function countsOf(byVerdict: ByVerdict): { readonly total: number; readonly dropped: number } {
  let total = 0;
  for (const number of byVerdict.values()) total += number;
  return { total: Math.round(total), dropped: Math.round(byVerdict.get('DROPPED') ?? 0) };
}

/** Largest remainder: what rounding down left over goes to those that lost most. */
function verdictsOf(
  byVerdict: ByVerdict,
  { events, dropped }: { readonly events: number; readonly dropped: number },
): Record<string, number> {
  const others = [...byVerdict].filter(([verdict]) => verdict !== 'DROPPED');
  const counts = others.map(([verdict, number]) => ({ verdict, count: Math.floor(number), rest: number % 1 }));
  const ranked = counts.toSorted((a, b) => b.rest - a.rest);
  let left = events - dropped - counts.reduce((sum, { count }) => sum + count, 0);
  for (let at = 0; left > 0 && ranked.length > 0; at += 1, left -= 1) {
    const next = ranked[at % ranked.length];
    if (next) next.count += 1;
  }
  for (let at = ranked.length - 1; left < 0 && at >= 0; at -= 1) {
    const last = ranked[at];
    const taken = Math.min(last?.count ?? 0, -left);
    if (last) last.count -= taken;
    left += taken;
  }
  const rows = [...counts.map(({ verdict, count }) => [verdict, count] as const), ['DROPPED', dropped] as const];
  return Object.fromEntries(rows.filter(([, count]) => count > 0));
}
