/**
 * Now, the same for everything that asks within a moment: the figures, lists and records of one page then cover the same
 * window, and their totals agree.
 */
export interface Moment {
  read(): number;
}

const sameForMs = 1500;

export function createMoment(clock: () => number): Moment {
  let last = Number.NEGATIVE_INFINITY;
  return {
    read() {
      const now = clock();
      if (now - last > sameForMs || now < last) last = now;
      return last;
    },
  };
}
