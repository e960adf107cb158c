import type { PolicyRevision } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import type { PolicyName } from '../paths.ts';
import { useConsoleApi } from './console-api.tsx';
import { paramsOf } from './policy-address.ts';

export interface Revisions {
  readonly items: readonly PolicyRevision[];
  /** Older ones are there that were not asked for. */
  readonly hasMore: boolean;
}

/** The newest versions of a policy, also of one that was deleted. */
export function useRevisions(env: string, name: PolicyName): UseQueryResult<Revisions> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['revisions', env, name],
    queryFn: async ({ signal }) => {
      const { value } = await client.call('policyRevisions', {
        params: paramsOf(env, name),
        query: { limit: 100 },
        signal,
      });
      return { items: value.items, hasMore: value.nextCursor !== undefined };
    },
    refetchInterval: 10_000,
  });
}
