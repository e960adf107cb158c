import { fixedOffset, utc } from './time.ts';
import type { TimeZone } from './time.ts';

/** The zone of a machine, learned from times that name their offset, such as those of an access log: through summer and winter. */
export interface ObservedZone extends TimeZone {
  observe(ms: number, offsetMinutes: number): void;
}

interface Stretch {
  readonly fromMs: number;
  readonly zone: TimeZone;
}

const hourMs = 3_600_000;
/** Logs of several machines, each with a zone of its own, change it with every line. */
const mostStretches = 50;

export function createObservedZone(): ObservedZone {
  const stretches: Stretch[] = [];
  let newestOffset = Number.NaN;
  let lastMs = -Infinity;

  /** The times that the clock on the wall can mean: two in the hour that autumn repeats. */
  function candidates(wallMs: number): readonly number[] {
    return stretches.flatMap(({ fromMs, zone }, index) => {
      const ms = zone.toUtcMs(wallMs);
      const isLate = index === 0 || ms >= fromMs - hourMs;
      const isEarly = ms < (stretches[index + 1]?.fromMs ?? Infinity);
      return isLate && isEarly ? [ms] : [];
    });
  }

  return {
    get name() {
      return (stretches.at(-1)?.zone ?? utc).name;
    },
    toUtcMs(wallMs) {
      const found = candidates(wallMs);
      // Records come nearly in order.
      const chosen =
        found.find((ms) => ms >= lastMs - 60_000) ?? found.at(-1) ?? (stretches.at(-1)?.zone ?? utc).toUtcMs(wallMs);
      lastMs = Math.max(lastMs, chosen);
      return chosen;
    },
    observe(ms, offsetMinutes) {
      if (offsetMinutes === newestOffset) return;
      newestOffset = offsetMinutes;
      const zone = fixedOffset(offsetMinutes);
      const at = stretches.findIndex(({ fromMs }) => fromMs > ms);
      const [before, after] = [stretches.at(at < 0 ? -1 : at - 1), at < 0 ? undefined : stretches[at]];
      if (at !== 0 && before?.zone.name === zone.name) return;
      if (after?.zone.name === zone.name) stretches.splice(at, 1);
      stretches.splice(at < 0 ? stretches.length : at, 0, { fromMs: ms, zone });
      if (stretches.length > mostStretches) stretches.shift();
    },
  };
}
