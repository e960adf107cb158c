/** One version of a policy: what was written here, or seen to have been written elsewhere. Times in milliseconds since 1970. */
export interface Revision {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly revision: number;
  readonly atMs: number;
  readonly by: string;
  readonly action: 'create' | 'update' | 'delete' | 'restore' | 'observed';
  readonly note: string | null;
  /** YAML before and after; null where there was, or is, nothing. */
  readonly before: string | null;
  readonly after: string | null;
}

/** A version without its texts. */
export interface RevisionHead extends Omit<Revision, 'before' | 'after'> {
  /** After it there was no policy. */
  readonly isGone: boolean;
}

/** A change that goes back by itself unless it is confirmed. Both versions are YAML; null where there was, or is, nothing. */
export interface PendingChange {
  readonly id: string;
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly madeAtMs: number;
  readonly revertAtMs: number;
  readonly by: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What must outlive the process and is not observed data: revisions, and the hash of the access token. */
export interface StateStore {
  addRevision(revision: Omit<Revision, 'revision'>): Promise<Revision>;
  /** All of them or none: thousands at once cost little more than one. */
  addRevisions(revisions: readonly Omit<Revision, 'revision'>[]): Promise<void>;
  revisions(ref: { cluster: string; kind: string; namespace: string; name: string }): Promise<readonly Revision[]>;
  /** Of each policy of a cluster the newest revision that was not made after a moment. */
  revisionsBefore(asked: { cluster: string; atMs: number }): Promise<readonly Revision[]>;
  /** Of each policy of a cluster that was ever recorded the newest revision, the last made first. */
  latestRevisions(cluster: string): Promise<readonly RevisionHead[]>;
  addPending(change: PendingChange): Promise<void>;
  pending(): Promise<readonly PendingChange[]>;
  /** False where it was ended already: of several that end a change, one alone is told true. */
  endPending(id: string): Promise<boolean>;
  readSetting(key: string): Promise<string | null>;
  writeSetting(key: string, value: string): Promise<void>;
  close(): Promise<void>;
}
