import type { Io } from '../command.ts';

export interface Progress {
  step(): void;
  end(): void;
}

/** Says on standard error, from the second second on, how far a long work is. */
export function reportProgress(
  io: Pick<Io, 'err'>,
  what: string,
  now: () => number = () => performance.now(),
): Progress {
  let next = now() + 1000;
  let steps = 0;
  let hasSpoken = false;
  return {
    step() {
      steps++;
      if (now() < next) return;
      next = now() + 1000;
      hasSpoken = true;
      io.err(`${steps} ${what}\n`);
    },
    end() {
      if (hasSpoken) io.err(`${steps} ${what}, done\n`);
    },
  };
}
