import type { Coverage, Pod } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';

export interface AllPods {
  readonly items: readonly Pod[];
  readonly coverage: Coverage;
}

/** Every pod that runs now, with its labels. */
export function usePods(env: string): UseQueryResult<AllPods> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['pods', env],
    queryFn: async ({ signal }) => {
      const items: Pod[] = [];
      for (let cursor: string | undefined; ;) {
        const query = { limit: 1000, ...(cursor ? { cursor } : {}) };
        const { value } = await client.call('pods', { params: { env }, query, signal });
        items.push(...value.items);
        cursor = value.nextCursor;
        if (cursor === undefined) return { items, coverage: value.coverage };
      }
    },
    refetchInterval: 15_000,
  });
}
