/** Something wrong, or surprising, in a manifest. `path` is dotted with list indices: `spec.ingress[0].toPorts[1]`. */
export interface Problem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** Who would refuse the object: absent on warnings and where nobody could read it at all. */
  readonly refusedBy?: 'api-server' | 'cilium';
  readonly message: string;
  readonly path: string;
  /** Counted from 1; both absent where the object came without a source text. */
  readonly line?: number;
  readonly column?: number;
}

/** What a user can cause is a value: either the thing, or why it could not be had. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };
