import type { Policy } from '@bartizan/api';
import type { Reading } from '../../editor/thoughts.ts';
import type { PolicyName } from '../../paths.ts';

/** What was in the cluster when the editor last looked. */
export interface Seen {
  /** The cluster's text; null where there is nothing of this name. */
  readonly base: string | null;
  readonly etag: string | null;
  readonly policy: Policy | null;
}

/** What an editor is opened with. */
export interface Origin {
  /** The policy that is edited; null for a new one. */
  readonly name: PolicyName | null;
  readonly seen: Seen;
  /** A text that says no work was done yet. */
  readonly pristine: string;
  readonly start: Reading;
}
