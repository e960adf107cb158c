import type { PendingChange } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';

/** A timed change that waits, with what is dropped meanwhile, looked at again while it is shown. */
export function usePendingChange(env: string, id: string): UseQueryResult<PendingChange> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['pending', env, id],
    queryFn: async ({ signal }) => (await client.call('pendingChange', { params: { env, id }, signal })).value,
    refetchInterval: 5000,
  });
}
