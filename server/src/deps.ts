import type { Signal, SourceStatus } from '@bartizan/api';
import type { Cluster, FlowMetrics, FlowReader, StateStore, TransactionReader } from '@bartizan/backends';
import type { Logger } from 'pino';

/** What an environment is made of: its namespaces in one cluster, and the sources that tell of them. */
export interface EnvironmentSetup {
  readonly id: string;
  readonly name: string;
  readonly cluster: string;
  readonly namespaces: readonly string[];
  /** Hosts that belong to it whatever namespace served them; lower case, without port. */
  readonly hosts: readonly string[];
  /** Names of the firewalls whose logs it is in. */
  readonly firewalls: readonly string[];
}

export interface EnvironmentSetups {
  readonly items: readonly EnvironmentSetup[];
  /** Why there is none, and what to add. */
  readonly empty?: { readonly reason: string; readonly fix: string };
}

/** A source as it is now: asked each time, never cached. */
export interface SourceHandle {
  readonly signal: Signal;
  /** `prod-eu1`, `edge`: what gaps call it. */
  readonly name: string;
  covers(setup: EnvironmentSetup): boolean;
  status(): SourceStatus;
  /** Still reading what the source had when we came: what lies after its newest record is not known yet. */
  isCatchingUp?(): boolean;
}

/** Who may come in: anybody on this machine, or whoever has the access token. */
export type SignIn =
  | { readonly kind: 'open' }
  | { readonly kind: 'token'; readonly hash: string; readonly secureCookie: boolean };

export interface Deps {
  environments(): EnvironmentSetups;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly transactions: TransactionReader | null;
  readonly flows: FlowReader | null;
  readonly metrics: ReadonlyMap<string, FlowMetrics>;
  readonly state: StateStore;
  readonly sources: readonly SourceHandle[];
  readonly thresholds: { readonly anomalousShare: number; readonly droppedShare: number };
  /** `host:port` and origins that requests may name: anything else is refused (DNS rebinding, CSRF). */
  readonly allowed: { readonly hosts: readonly string[]; readonly origins: readonly string[] };
  readonly signIn: SignIn;
  /** Folder of the built pages; null serves the interface alone. */
  readonly pages: string | null;
  readonly version: string;
  /** `/readyz` answers 503 until this is true. */
  isReady(): boolean;
  readonly clock: () => Date;
  readonly log: Logger;
}
