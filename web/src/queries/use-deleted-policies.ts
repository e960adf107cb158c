import type { DeletedPolicy } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';
import type { Scene } from './scene.ts';

const refreshMs = 10_000;

/** The policies of the environment that were deleted, the last one first: the newest thousand of them. */
export function useDeletedPolicies(scene: Scene): UseQueryResult<readonly DeletedPolicy[]> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['policies', scene.env, 'deleted'],
    queryFn: async ({ signal }) => {
      const { value } = await client.call('deletedPolicies', {
        params: { env: scene.env },
        query: { limit: 1000 },
        signal,
      });
      return value.items;
    },
    refetchInterval: scene.refreshMs || refreshMs,
  });
}
