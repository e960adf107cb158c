import type { Direction, PolicyRef } from './policy.ts';

/** `none`: that side has no enforcement point. `error`: see `error`. */
export type SideVerdict = 'allowed' | 'denied' | 'none' | 'error';

export interface Verdict {
  readonly egress: SideVerdict;
  readonly ingress: SideVerdict;
  readonly verdict: 'allowed' | 'denied' | 'error';
  /** Why there is no verdict: the question names nothing, or Cilium itself would decide by chance. */
  readonly error?: string | undefined;
}

/** A rule that decided. For `default-deny`, the first rule of each policy that switched it on. */
export interface Decider {
  readonly policy: PolicyRef;
  readonly direction: Direction;
  /** `ingress[0]`, `specs[1].egressDeny[0]` */
  readonly rule: string;
  readonly effect: 'allow' | 'deny' | 'default-deny';
  /** From the manifest's root: `spec.ingress[0]`. */
  readonly path: string;
  /** Which of the rule's peers matched; absent where the rule has none. */
  readonly peer?: number | undefined;
  /** Which of the rule's ports matched; absent where the rule has none. */
  readonly port?: number | undefined;
}

export interface DecidedVerdict extends Verdict {
  readonly decidedBy: readonly Decider[];
}
