import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';

export interface DropShare {
  readonly droppedShare: number | null;
  readonly previous: number | null;
}

/** What share of an environment's flow events was dropped in the last five minutes, and in the five before. */
export function useDropShare(env: string): UseQueryResult<DropShare> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['drop-share', env],
    queryFn: async ({ signal }) => {
      const query = { range: '5m' };
      const { value } = await client.call('flowStatistics', { params: { env }, query, signal });
      return { droppedShare: value.droppedShare, previous: value.previous.droppedShare };
    },
    refetchInterval: 5000,
  });
}
