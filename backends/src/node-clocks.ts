import type { Gap } from '@bartizan/api';
import type { FlowRecord } from '@bartizan/flow';

/** Notices nodes whose clock is wrong: what they see now counts at another time, and is missing now. */
export interface NodeClocks {
  /** Gaps that begin or end with this event. */
  see(flow: FlowRecord): readonly Gap[];
}

/** Clocks that are kept by NTP differ by less. */
const toleranceMs = 30_000;
/** So long a node's events are watched before they are called late: what it had is sent faster than it happened. */
const watchedMs = 60_000;
/** As much faster or slower than ours its time may pass, and it is what the node sees as it happens. */
const pace = 0.2;

/** Since when a node's late events are looked at, the newest of them then, and now. */
interface Watch {
  sinceMs: number;
  firstMs: number;
  newestMs: number;
}

export function createNodeClocks({
  source,
  clock,
}: {
  readonly source: string;
  readonly clock: () => Date;
}): NodeClocks {
  const told = new Map<string | null, Gap>();
  const watched = new Map<string | null, Watch>();

  function begin(node: string | null, reason: (node: string) => string, fromMs: number): readonly Gap[] {
    if (told.has(node)) return [];
    const gap = {
      source,
      reason: reason(node === null ? 'a node without a name' : `node ${node}`),
      from: new Date(fromMs).toISOString(),
    };
    told.set(node, gap);
    return [gap];
  }

  function end(node: string | null, atMs: number): readonly Gap[] {
    const gap = told.get(node);
    watched.delete(node);
    if (!gap) return [];
    told.delete(node);
    return [{ ...gap, to: new Date(atMs).toISOString() }];
  }

  /** Behind for a minute, while its time goes on as ours does. */
  function late(node: string | null, timeMs: number, nowMs: number): readonly Gap[] {
    const watch = watched.get(node);
    if (!watch) {
      watched.set(node, { sinceMs: nowMs, firstMs: timeMs, newestMs: timeMs });
      return [];
    }
    if (timeMs > watch.newestMs) watch.newestMs = timeMs;
    const { sinceMs, firstMs, newestMs } = watch;
    if (nowMs - sinceMs < watchedMs) return [];
    Object.assign(watch, { sinceMs: nowMs, firstMs: newestMs });
    const passed = (newestMs - firstMs) / (nowMs - sinceMs);
    if (Math.abs(passed - 1) > pace) return [];
    const by = inWords(nowMs - newestMs);
    return begin(
      node,
      (name) =>
        `the clock of ${name} is ${by} behind, or its events come so late: what it sees now counts ${by} earlier`,
      sinceMs,
    );
  }

  return {
    see({ node, time }) {
      const nowMs = clock().getTime();
      const timeMs = Date.parse(time);
      if (Number.isNaN(timeMs)) return [];
      const aheadMs = timeMs - nowMs;
      if (aheadMs > toleranceMs) {
        const by = inWords(aheadMs);
        return begin(
          node,
          (name) => `the clock of ${name} is ${by} ahead: what it sees now is counted ${by} later`,
          nowMs,
        );
      }
      return aheadMs < -toleranceMs ? late(node, timeMs, nowMs) : end(node, nowMs);
    },
  };
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
