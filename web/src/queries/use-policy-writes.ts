import type { PendingOutcome, Policy } from '@bartizan/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PolicyName } from '../paths.ts';
import { useConsoleApi } from './console-api.tsx';
import { guardOf, paramsOf, policyKey } from './policy-address.ts';
import type { OpenPolicy } from './use-policies.ts';

const lookAgainMs = 5000;

/** One policy as the API server has it, looked at again while it is edited; null once it is not there. */
export function usePolicyNow(env: string, name: PolicyName | null): UseQueryResult<OpenPolicy> {
  const { client } = useConsoleApi();
  return useQuery({
    queryKey: ['policy-now', env, name],
    enabled: name !== null,
    queryFn: async ({ signal }) => {
      if (name === null) throw new Error('asked only where there is a name');
      const { value, etag } = await client.call('policy', { params: paramsOf(env, name), signal });
      return { policy: value, etag };
    },
    refetchInterval: lookAgainMs,
  });
}

const settleEveryMs = 1500;

/** Looks again, until what is due has happened. */
export function useLookAgain(env: string, name: PolicyName, isDue: boolean): void {
  const cache = useQueryClient();
  const { namespace, kind, name: own } = name;
  useEffect(() => {
    if (!isDue) return;
    const timer = setInterval(() => {
      const one = { namespace, kind, name: own };
      void cache.invalidateQueries({ queryKey: policyKey(env, one) });
      void forget(cache, env, one);
    }, settleEveryMs);
    return () => clearInterval(timer);
  }, [cache, env, namespace, kind, own, isDue]);
}

export interface Writing {
  readonly name: PolicyName;
  readonly manifest: string;
  /** What was seen; null where there is nothing yet. */
  readonly etag: string | null;
  readonly note?: string;
  /** `5m`: goes back by itself then. */
  readonly revertAfter?: string;
  /** What it takes the place of under another name: deleted once the new one is there. */
  readonly replaces?: { readonly name: PolicyName; readonly etag: string };
}

export interface Written extends OpenPolicy {
  /** Why the policy with the old name is still there. */
  readonly leftOver?: string;
}

export function useWritePolicy(env: string): UseMutationResult<Written, Error, Writing> {
  const { client } = useConsoleApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, manifest, etag, note, revertAfter, replaces }: Writing) => {
      const { value, etag: after } = await client.call('replacePolicy', {
        params: paramsOf(env, name),
        query: revertAfter ? { revertAfter } : {},
        body: { manifest, ...(note ? { note } : {}) },
        headers: guardOf(etag),
      });
      const written = { policy: value, etag: after };
      if (!replaces) return written;
      const failure = await client
        .call('deletePolicy', { params: paramsOf(env, replaces.name), headers: { 'if-match': replaces.etag } })
        .then(() => null)
        .catch((error: unknown) => (error instanceof Error ? error.message : 'it could not be deleted'));
      return failure === null ? written : { ...written, leftOver: failure };
    },
    onSuccess: async (written, { name }) => {
      cache.setQueryData(policyKey(env, name), { policy: written.policy, etag: written.etag });
      await forget(cache, env, name);
    },
  });
}

export function useDeletePolicy(env: string): UseMutationResult<number, Error, { name: PolicyName; etag: string }> {
  const { client } = useConsoleApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ name, etag }) => {
      const headers = { 'if-match': etag };
      const { value } = await client.call('deletePolicy', { params: paramsOf(env, name), headers });
      return value.revision;
    },
    onSuccess: (_, { name }) => {
      cache.removeQueries({ queryKey: policyKey(env, name) });
      return forget(cache, env, name);
    },
  });
}

/** Keeps a timed change, or takes it back now. */
export function useEndPending(
  env: string,
  name: PolicyName,
): UseMutationResult<PendingOutcome, Error, { id: string; how: 'confirm' | 'revert' }> {
  const { client } = useConsoleApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, how }) => {
      const route = how === 'confirm' ? 'confirmPending' : 'revertPending';
      const { value } = await client.call(route, { params: { env, id } });
      return value;
    },
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: policyKey(env, name) });
      await forget(cache, env, name);
    },
  });
}

export function useRestore(
  env: string,
  name: PolicyName,
): UseMutationResult<Policy, Error, { revision: number; etag: string | null }> {
  const { client } = useConsoleApi();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ revision, etag }) => {
      const headers: Record<string, string> = etag === null ? {} : { 'if-match': etag };
      const { value } = await client.call('restoreRevision', { params: { ...paramsOf(env, name), revision }, headers });
      return value;
    },
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: policyKey(env, name) });
      await forget(cache, env, name);
    },
  });
}

/** What was known of a policy before a write. */
async function forget(cache: ReturnType<typeof useQueryClient>, env: string, name: PolicyName): Promise<void> {
  await cache.invalidateQueries({ queryKey: ['policies'] });
  await cache.invalidateQueries({ queryKey: ['flow-why'] });
  await cache.invalidateQueries({ queryKey: ['revisions', env, name] });
  await cache.invalidateQueries({ queryKey: ['policy-now', env, name] });
}
