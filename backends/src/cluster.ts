import type { PolicyKind } from '@bartizan/api';

/** A Kubernetes object as the API gives it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly managedFields?: readonly {
      readonly manager?: string;
      readonly operation?: string;
      readonly time?: string;
      readonly subresource?: string;
    }[];
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export interface PolicyRef {
  readonly kind: PolicyKind;
  /** Empty for a cluster-scoped policy. */
  readonly namespace: string;
  readonly name: string;
}

export type WatchedKind = PolicyKind | 'Pod' | 'Namespace' | 'Service' | 'CiliumCIDRGroup';

export type WatchState =
  | { readonly state: 'ok'; readonly syncedAtMs: number }
  | { readonly state: 'connecting' }
  | { readonly state: 'missing' | 'forbidden' | 'unreachable'; readonly reason: string; readonly sinceMs: number };

/**
 * One Kubernetes cluster. What is watched is kept in memory and can be read at once; a kind that may not be read, or whose CRD
 * is missing, has a state that says so and an empty list. Writes go to the API server, guarded by `resourceVersion`, with strict
 * field validation. Throws SourceError.
 */
export interface Cluster {
  readonly name: string;
  /** The first list of every kind has come, or failed. */
  readonly synced: Promise<void>;
  list(kind: WatchedKind): readonly KubernetesObject[];
  state(kind: WatchedKind): WatchState;
  /** Calls back after a watched object of one of the kinds was added, changed or removed; returns how to stop. */
  onChange(listener: (kind: WatchedKind) => void): () => void;
  /** From the API server, not from memory. */
  read(ref: PolicyRef, signal: AbortSignal): Promise<KubernetesObject>;
  create(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject>;
  /** `object.metadata.resourceVersion` must be set: `conflict` when the object changed meanwhile. */
  replace(object: KubernetesObject, options: WriteOptions): Promise<KubernetesObject>;
  remove(ref: PolicyRef, options: WriteOptions & { readonly resourceVersion: string }): Promise<void>;
  version(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}
