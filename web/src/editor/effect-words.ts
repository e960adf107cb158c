import type { PolicyEffect } from '@bartizan/api';

export interface EffectRow {
  readonly key: string;
  readonly label: string;
  readonly icon: 'dropped' | 'forwarded' | 'info';
  readonly tone: 'fine' | 'danger' | 'quiet' | 'warning';
  readonly count: number;
  readonly note: string;
}

/** The sums of an effect, what stops first. */
export function effectRows(effect: PolicyEffect): readonly EffectRow[] {
  const rows: readonly (EffectRow & { readonly isOptional?: boolean })[] = [
    row('denied', 'Newly denied', { icon: 'dropped', tone: 'danger', group: effect.newlyDenied }),
    row('allowed', 'Newly allowed', { icon: 'forwarded', tone: 'fine', group: effect.newlyAllowed }),
    {
      key: 'unchanged',
      label: 'As before',
      icon: 'forwarded',
      tone: 'quiet',
      count: effect.unchanged.count,
      note: 'allowed or denied, as now',
    },
    row('unknown', 'Not known', { icon: 'info', tone: 'warning', group: effect.unknown }),
    { ...row('audited', 'Only audited', { icon: 'info', tone: 'warning', group: effect.audited }), isOptional: true },
    {
      ...row('disagrees', 'We disagree', { icon: 'info', tone: 'warning', group: effect.disagrees }),
      isOptional: true,
    },
  ];
  return rows.filter(({ isOptional, count }) => !isOptional || count > 0);
}

function row(
  key: string,
  label: string,
  { icon, tone, group }: { icon: EffectRow['icon']; tone: EffectRow['tone']; group: PolicyEffect['newlyDenied'] },
): EffectRow {
  const pairs = group.items.length;
  return {
    key,
    label,
    icon,
    tone,
    count: group.count,
    note: pairs === 0 ? 'none' : pairs === 1 ? '1 pair' : `${pairs} pairs`,
  };
}

/** Why the figures may miss something. */
export function unseenWords(effect: PolicyEffect): readonly string[] {
  const reasons = effect.unknown.items.flatMap(({ reason }) => (reason ? [`Not known: ${reason}.`] : []));
  const gaps = effect.coverage.gaps.map(({ source, reason }) => `${source}: ${reason}.`);
  const audited =
    effect.audited.count > 0 ? ['Some connections pass only because policies are audited, not enforced, there.'] : [];
  const disagrees =
    effect.disagrees.count > 0
      ? [
          'Of some connections Hubble reported another verdict than ours on the policies as they are; they are not counted as changed.',
        ]
      : [];
  return [...new Set([...gaps, ...reasons, ...audited, ...disagrees])];
}
