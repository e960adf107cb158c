import type { PolicyPreview } from '@bartizan/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { useConsoleApi } from './console-api.tsx';
import { windowQuery } from './scene.ts';
import type { Scene } from './scene.ts';

/** What the server says to a draft. */
export interface DraftPreview {
  readonly data: PolicyPreview | undefined;
  /** `data` is about an older draft. */
  readonly isOld: boolean;
  readonly isAsking: boolean;
  /** Why the server could not be asked about this draft. */
  readonly error: Error | null;
}

/** The server reads the whole manifest and looks at recorded flows: it is asked in pauses, not at each key. */
const pauseMs = 250;

/** What a draft would do, asked of the server: a newer draft ends the question about the older one. */
export function usePreview(scene: Pick<Scene, 'env' | 'spec' | 'zone'>, manifest: string | null): DraftPreview {
  const { client, moment } = useConsoleApi();
  const draft = usePaused(manifest);
  const id = useId();
  const query = useQuery({
    // The number stands for the manifest, which is too long to be a key.
    queryKey: ['preview', scene.env, scene.spec, id, draft.number],
    enabled: draft.value !== null,
    queryFn: async ({ signal }) => {
      const query = windowQuery(scene, moment.read());
      const body = { manifest: draft.value ?? '' };
      const { value } = await client.call('previewPolicy', { params: { env: scene.env }, query, body, signal });
      return value;
    },
    placeholderData: keepPreviousData,
    staleTime: 15_000,
    gcTime: 60_000,
  });
  const isLate = draft.value !== manifest;
  return {
    data: query.data,
    isOld: isLate || query.isPlaceholderData,
    isAsking: (isLate && manifest !== null) || query.isFetching,
    error: isLate ? null : query.error,
  };
}

interface Paused {
  readonly value: string | null;
  readonly number: number;
}

/** The newest value once it has rested, and the how manieth it is. */
function usePaused(value: string | null): Paused {
  const [paused, setPaused] = useState<Paused>({ value, number: 0 });
  useEffect(() => {
    if (value === paused.value) return;
    const timer = setTimeout(() => setPaused(({ number }) => ({ value, number: number + 1 })), pauseMs);
    return () => clearTimeout(timer);
  }, [value, paused.value]);
  return paused;
}
