import type { Gap } from '@bartizan/api';
import type { FlowRecord } from '@bartizan/flow';

/** Notices nodes whose clock is ahead of ours: what they see now counts later, and is missing now. */
export interface NodeClocks {
  /** Gaps that begin or end with this event. */
  see(flow: FlowRecord): readonly Gap[];
}

/** Clocks that are kept by NTP differ by less. */
const toleranceMs = 30_000;

export function createNodeClocks({
  source,
  clock,
}: {
  readonly source: string;
  readonly clock: () => Date;
}): NodeClocks {
  const ahead = new Map<string | null, Gap>();
  return {
    see({ node, time }) {
      const nowMs = clock().getTime();
      const byMs = Date.parse(time) - nowMs;
      const known = ahead.get(node);
      if (byMs > toleranceMs) {
        if (known) return [];
        const which = node === null ? 'a node without a name' : `node ${node}`;
        const reason = `the clock of ${which} is ${inWords(byMs)} ahead: what it sees now is counted ${inWords(byMs)} later`;
        const gap = { source, reason, from: new Date(nowMs).toISOString() };
        ahead.set(node, gap);
        return [gap];
      }
      if (!known || byMs < -toleranceMs) return [];
      ahead.delete(node);
      return [{ ...known, to: new Date(nowMs).toISOString() }];
    },
  };
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
