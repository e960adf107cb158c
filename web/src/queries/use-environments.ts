import type { EnvironmentList } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';

const refreshMs = 30_000;

/** All environments with the state of their sources. */
export function useEnvironments(): UseQueryResult<EnvironmentList> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['environments'],
    queryFn: async ({ signal }) => (await client.call('environments', { signal })).value,
    refetchInterval: refreshMs,
  });
}
