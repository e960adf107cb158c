import { useEffect, useState } from 'react';

const everyMs = 5000;

/** Now, moving on while the page is open: for "4 s ago". */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
