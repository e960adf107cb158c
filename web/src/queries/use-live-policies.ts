import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** How long changes that come together are waited for. */
const settleMs = 150;

/** Asks for the policies again as soon as the cluster says that one changed; the browser connects anew by itself. */
export function useLivePolicies(env: string): void {
  const cache = useQueryClient();
  useEffect(() => {
    const stream = new EventSource(`/api/v1/environments/${encodeURIComponent(env)}/stream?topics=policies`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    stream.addEventListener('policies', () => {
      clearTimeout(timer);
      timer = setTimeout(() => void cache.invalidateQueries({ queryKey: ['policies', env] }), settleMs);
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [cache, env]);
}
