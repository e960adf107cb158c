const day = 24 * 60;

/** How busy a minute is, from nearly nothing at night to 1: the sandbox always begins at the busiest time of its day. */
export function busyness(minutesFromStart: number): number {
  const turn = Math.cos((minutesFromStart / day) * Math.PI) ** 2;
  return 0.06 + 0.94 * turn ** 3;
}
