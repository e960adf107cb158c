import type { PolicyPreview } from '@bartizan/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';
import { windowQuery } from './scene.ts';
import type { Scene } from './scene.ts';

/** What a draft would do, asked of the server: a newer draft ends the question about the older one. */
export function usePreview(
  scene: Pick<Scene, 'env' | 'spec' | 'zone'>,
  manifest: string | null,
): UseQueryResult<PolicyPreview> {
  const { client, moment } = useConsoleApi();
  return useQuery({
    queryKey: ['preview', scene.env, scene.spec, manifest],
    enabled: manifest !== null,
    queryFn: async ({ signal }) => {
      const query = windowQuery(scene, moment.read());
      const body = { manifest: manifest ?? '' };
      const { value } = await client.call('previewPolicy', { params: { env: scene.env }, query, body, signal });
      return value;
    },
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    gcTime: 60_000,
  });
}
