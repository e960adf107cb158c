import type { Coverage, Gap, Signal, Window } from '@bartizan/api';
import type { SourceHandle } from '../deps.ts';

const missing: Record<Signal, string> = {
  waf: 'no firewall log is configured for this environment',
  flows: 'no source of flows is configured for this environment',
  policies: 'no cluster is configured for this environment',
};

/** What a store knows of a window, together with what its sources say of themselves now. */
export function coverageView(options: {
  readonly window: Window;
  readonly signal: Signal;
  readonly stored: Coverage | null;
  readonly sources: readonly SourceHandle[];
}): Coverage {
  const { window, signal, stored, sources } = options;
  const told = [
    ...(stored?.gaps ?? []),
    ...sources.flatMap(gapOf),
    ...(sources.length === 0 ? [{ source: signal, reason: missing[signal] }] : []),
  ];
  const gaps = [...new Map(told.map((gap) => [JSON.stringify([gap.source, gap.reason, gap.from]), gap])).values()];
  return {
    from: stored?.from ?? new Date(window.fromMs).toISOString(),
    to: stored?.to ?? new Date(window.toMs).toISOString(),
    sources: stored?.sources ?? [],
    complete: gaps.length === 0 && (stored?.complete ?? true),
    gaps,
  };
}

function gapOf(source: SourceHandle): Gap[] {
  const { state, reason, since, newest } = source.status();
  const from = (time: string | null | undefined): { from?: string } => (time ? { from: time } : {});
  if (state !== 'ok') return [{ source: source.name, reason: reason ?? state, ...from(since) }];
  return source.isCatchingUp?.()
    ? [{ source: source.name, reason: 'what it has is still being read', ...from(newest) }]
    : [];
}
