import { useEffect, useState } from 'react';

const idleAfterMs = 400;

/** Whether the page has had time to rest: then what may be needed next is made ready. */
export function useIdle(): boolean {
  const [isIdle, setIdle] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIdle(true), idleAfterMs);
    return () => clearTimeout(timer);
  }, []);
  return isIdle;
}
