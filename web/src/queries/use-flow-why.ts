import type { FlowWhy } from '@bartizan/api';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';

/** One flow, why it was let through or dropped, and the change to make. Not asked without an id. */
export function useFlowWhy(env: string, id: string | undefined): UseQueryResult<FlowWhy> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['flow-why', env, id],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => (await client.call('flowWhy', { params: { env, id: id ?? '' }, signal })).value,
    // What was is kept; what the policies say now may change.
    staleTime: 10_000,
  });
}
