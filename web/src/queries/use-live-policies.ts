import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** How long changes that come together are waited for. */
const settleMs = 150;

/** What is shown of policies, each asked again only while it is. */
const shown = ['policies', 'policy', 'policy-now', 'revisions'];

/** Asks for the policies again as soon as the cluster says that one changed; the browser connects anew by itself. */
export function useLivePolicies(env: string): void {
  const cache = useQueryClient();
  useEffect(() => {
    const stream = new EventSource(`/api/v1/environments/${encodeURIComponent(env)}/stream?topics=policies`);
    let timer: ReturnType<typeof setTimeout> | undefined;
    stream.addEventListener('policies', () => {
      clearTimeout(timer);
      timer = setTimeout(() => shown.forEach((key) => void cache.invalidateQueries({ queryKey: [key] })), settleMs);
    });
    return () => {
      clearTimeout(timer);
      stream.close();
    };
  }, [cache, env]);
}
