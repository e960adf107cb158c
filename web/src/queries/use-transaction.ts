import type { Answer } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';

/** One transaction with everything its logs say. It never changes. */
export function useTransaction(env: string, id: string): UseQueryResult<Answer<'transaction'>> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['transaction', env, id],
    queryFn: async ({ signal }) => (await client.call('transaction', { params: { env, id }, signal })).value,
    staleTime: Infinity,
  });
}
