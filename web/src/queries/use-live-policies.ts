import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** How long changes that come together are waited for. */
const settleMs = 150;

/** What is shown of policies, each asked again only while it is. */
const shown = ['policies', 'policy', 'policy-now', 'revisions'];

/**
 * Asks for the policies again as soon as the cluster says that one changed; the browser connects anew by itself. Only while
 * somebody looks: a browser keeps six connections to one address, and each tab that follows holds one.
 */
export function useLivePolicies(env: string): void {
  const cache = useQueryClient();
  useEffect(() => {
    let stream: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const askAgain = () => shown.forEach((key) => void cache.invalidateQueries({ queryKey: [key] }));
    const follow = () => {
      stream = new EventSource(`/api/v1/environments/${encodeURIComponent(env)}/stream?topics=policies`);
      stream.addEventListener('policies', () => {
        clearTimeout(timer);
        timer = setTimeout(askAgain, settleMs);
      });
    };
    const leave = () => {
      clearTimeout(timer);
      stream?.close();
      stream = undefined;
    };
    const onVisibility = () => {
      if (document.hidden) leave();
      else if (!stream) {
        follow();
        askAgain();
      }
    };
    if (!document.hidden) follow();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      leave();
    };
  }, [cache, env]);
}
