import type { JsonObject } from '../source/json.ts';
import type { Direction, PolicyRef } from './policy.ts';

/** A change of one policy that opens one side of a denied connection. */
export interface Fix {
  readonly direction: Direction;
  readonly policy: PolicyRef;
  /** Whether the policy is a new one. */
  readonly isNew: boolean;
  /** What the change adds or extends, from the manifest's root: `spec.ingress[2]`. */
  readonly path: string;
  /** The whole manifest after the change, as YAML. */
  readonly text: string;
  /** What is allowed then and was not: nothing else is. */
  readonly words: string;
  /** The same as a policy that says only that. */
  readonly adds: JsonObject;
  /** How many pairs of the known ends it opens on this port, the asked one among them. */
  readonly opens: number;
}

/** Where both sides deny, both steps are needed. */
export type FixResult =
  | { readonly ok: true; readonly steps: readonly Fix[] }
  /** Why no change of a policy is proposed. */
  | { readonly ok: false; readonly reason: string };
