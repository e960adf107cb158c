import { useEffect, useState } from 'react';

const first = 8;
const step = 24;

/** How many of many are drawn by now: what is in sight at once, the rest frame by frame, so that no key waits. */
export function useProgressive(count: number): number {
  const [drawn, setDrawn] = useState(first);
  useEffect(() => {
    if (drawn >= count) return;
    const timer = setTimeout(() => setDrawn((before) => before + step), 0);
    return () => clearTimeout(timer);
  }, [drawn, count]);
  return Math.min(drawn, count);
}
