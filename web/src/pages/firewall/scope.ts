import type { WafTotals } from '@bartizan/api';
import type { BarMark } from '../../components/RankedList.tsx';
import { withTerm } from '../../filter/filter-terms.ts';
import type { Scope } from '../../search.ts';

export const scopeOptions: readonly { readonly value: Scope; readonly label: string }[] = [
  { value: 'anomalous', label: 'Anomalous' },
  { value: 'blocked', label: 'Blocked' },
  { value: 'detected', label: 'Detected' },
  { value: 'all', label: 'All' },
];

/** The filter of lists and records: what the figures cover, and of that only the chosen class. */
export function scopedFilter(filter: string | undefined, scope: Scope): string {
  return scope === 'all' ? (filter ?? '') : withTerm(filter, `class:${scope}`);
}

/** How many requests a scope has; null where that is not known. */
export function scopeTotal(totals: WafTotals, scope: Scope): number | null {
  switch (scope) {
    case 'anomalous':
      return totals.anomalous;
    case 'blocked':
      return totals.blocked;
    case 'detected':
      return totals.detected;
    case 'all':
      return totals.total;
    default:
      return scope satisfies never;
  }
}

export function scopeMark(scope: Scope): BarMark {
  return scope === 'all' ? 'nominal' : scope;
}
