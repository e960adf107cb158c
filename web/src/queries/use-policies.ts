import type { Coverage, Policy } from '@bartizan/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { PolicyName } from '../paths.ts';
import { useConsoleApi } from './console-api.tsx';
import type { Scene } from './scene.ts';

/** A page that is read and shown without holding up a frame. */
const pageSize = 500;
const firstSize = 100;
const refreshMs = 10_000;
/** Changes are told as they happen; thousands are asked for again only now and then. */
const many = 1000;
const refreshManyMs = 60_000;

export interface AllPolicies {
  readonly items: readonly Policy[];
  readonly coverage: Coverage;
}

/** Every policy of the environment, all pages of it. */
export function usePolicies(scene: Scene): UseQueryResult<AllPolicies> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['policies', scene.env],
    queryFn: async ({ signal }) => {
      const items: Policy[] = [];
      for (let cursor: string | undefined; ;) {
        const query = { limit: pageSize, ...(cursor ? { cursor } : {}) };
        const { value } = await client.call('policies', { params: { env: scene.env }, query, signal });
        items.push(...value.items);
        cursor = value.nextCursor;
        if (cursor === undefined) return { items, coverage: value.coverage };
      }
    },
    refetchInterval: ({ state }) =>
      scene.refreshMs || ((state.data?.items.length ?? 0) > many ? refreshManyMs : refreshMs),
    // To compare thousands with what was there takes longer than to show them.
    structuralSharing: false,
  });
}

/** The first policies by name, to be shown until all are there: nothing may be counted by them. */
export function useFirstPolicies(scene: Scene, isNeeded: boolean): readonly Policy[] | null {
  const { client } = useConsoleApi();
  const { data } = useQuery({
    queryKey: ['policies-first', scene.env],
    enabled: isNeeded,
    queryFn: async ({ signal }) => {
      const query = { limit: firstSize };
      const { value } = await client.call('policies', { params: { env: scene.env }, query, signal });
      return value.items;
    },
    gcTime: 0,
  });
  return isNeeded ? (data ?? null) : null;
}

export interface OpenPolicy {
  readonly policy: Policy;
  /** Null for one that is not deployed. */
  readonly etag: string | null;
}

/** One policy as the API server has it now. */
export function usePolicy(env: string, name: PolicyName): UseQueryResult<OpenPolicy> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: policyKey(env, name),
    queryFn: async ({ signal }) => {
      const { value, etag } = await client.call('policy', { params: paramsOf(env, name), signal });
      return { policy: value, etag };
    },
  });
}

interface Wish {
  readonly enabled: boolean;
  /** What the reader saw; null for a policy that is not deployed yet. */
  readonly etag: string | null;
}

/** Switches a policy on or off, only if it is still what the reader saw. */
export function useSetEnforcement(env: string, name: PolicyName): UseMutationResult<OpenPolicy, Error, Wish> {
  const { client } = useConsoleApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ enabled, etag }: Wish) => {
      const headers: Record<string, string> = etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
      const answer = await client.call('setEnforcement', { params: paramsOf(env, name), body: { enabled }, headers });
      return { policy: answer.value, etag: answer.etag };
    },
    onSuccess: (written) => {
      cache.setQueryData(policyKey(env, name), written);
      return cache.invalidateQueries({ queryKey: ['policies'] });
    },
  });
}

function policyKey(env: string, name: PolicyName): readonly unknown[] {
  return ['policy', env, name];
}

function paramsOf(env: string, { namespace, kind, name }: PolicyName) {
  return { env, namespace: namespace || '-', kind, name };
}
