import type { PolicyKind } from '@bartizan/api';
import { printQuery } from './search.ts';
import type {
  EditorSearch,
  FirewallSearch,
  FrameSearch,
  NetworkSearch,
  PoliciesSearch,
  TuningSearch,
} from './search.ts';

/** The two views of the Network page. */
export type NetworkView = 'statistics' | 'flows';

/** The view that a URL shows. */
export function networkViewOf(pathname: string): NetworkView {
  return pathname.startsWith('/network/flows') ? 'flows' : 'statistics';
}

export interface PolicyName {
  /** Empty for a cluster-scoped policy. */
  readonly namespace: string;
  readonly kind: PolicyKind;
  readonly name: string;
}

/** The policy that a URL names; null where it names none. */
export function readPolicyName(params: {
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}): PolicyName | null {
  const { namespace, kind, name } = params;
  if (kind !== 'NetworkPolicy' && kind !== 'CiliumNetworkPolicy' && kind !== 'CiliumClusterwideNetworkPolicy')
    return null;
  return namespace && name ? { namespace: namespace === '-' ? '' : namespace, kind, name } : null;
}

/** Every URL of the console. */
export const paths = {
  overview: (search: FrameSearch = {}) => `/${printQuery(search)}`,
  firewall: (search: FirewallSearch = {}) => `/firewall${printQuery(search)}`,
  transaction: (id: string, search: FirewallSearch = {}) =>
    `/firewall/transactions/${encodeURIComponent(id)}${printQuery(search)}`,
  tuning: (search: TuningSearch = {}) => `/firewall/tuning${printQuery(search)}`,
  network: (search: NetworkSearch = {}) => `/network${printQuery(search)}`,
  flows: (search: NetworkSearch = {}) => `/network/flows${printQuery(search)}`,
  /** One flow, beside the view that it was opened on. */
  flow: (id: string, { on, ...search }: NetworkSearch & { readonly on: NetworkView }) =>
    `/network/${on === 'flows' ? 'flows' : 'flow'}/${encodeURIComponent(id)}${printQuery(search)}`,
  policies: (search: PoliciesSearch = {}) => `/policies${printQuery(search)}`,
  policy: ({ namespace, kind, name }: PolicyName, search: PoliciesSearch = {}) =>
    `/policies/${encodeURIComponent(namespace || '-')}/${kind}/${encodeURIComponent(name)}${printQuery(search)}`,
  editPolicy: ({ namespace, kind, name }: PolicyName, search: EditorSearch = {}) =>
    `/policies/${encodeURIComponent(namespace || '-')}/${kind}/${encodeURIComponent(name)}/edit${printQuery(search)}`,
  newPolicy: (search: EditorSearch = {}) => `/policies/new${printQuery(search)}`,
  sources: (search: FrameSearch = {}) => `/settings/sources${printQuery(search)}`,
} as const;

/** What a link to another page takes along: environment, time and zone, but not this page's filter. */
export function carried(search: FrameSearch): FrameSearch {
  const { env, range, from, to, refresh, tz } = search;
  return Object.fromEntries(
    Object.entries({ env, range, from, to, refresh, tz }).filter(([, value]) => value !== undefined),
  );
}
