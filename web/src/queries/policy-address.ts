import type { PolicyName } from '../paths.ts';

export function policyKey(env: string, name: PolicyName): readonly unknown[] {
  return ['policy', env, name];
}

export function paramsOf(env: string, { namespace, kind, name }: PolicyName) {
  return { env, namespace: namespace || '-', kind, name };
}

/** A write is guarded by the version that was seen, or by there being none. */
export function guardOf(etag: string | null): Record<string, string> {
  return etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
}
