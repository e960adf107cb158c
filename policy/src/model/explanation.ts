import type { Direction, DnsRule, Effect, HttpRule, PolicyRef } from './policy.ts';
import type { DecidedVerdict, Decider, SideVerdict } from './verdict.ts';

/** A verdict with the walk through both sides. */
export interface Explanation extends DecidedVerdict {
  readonly sides: { readonly egress: SideExplanation; readonly ingress: SideExplanation };
  /** For a denial: the rules that would have allowed it, had what differs been as they say. The nearest come first. */
  readonly nearest: readonly NearMiss[];
}

export interface SideExplanation {
  readonly direction: Direction;
  readonly verdict: SideVerdict;
  readonly reason: SideReason;
  readonly decidedBy: readonly Decider[];
  /** The policies with a rule for the subject in this direction. */
  readonly policies: readonly PolicyRef[];
  /** Every rule for the subject in this direction, and what it says of this connection. */
  readonly walk: readonly WalkedRule[];
  /** Where a proxy looks at what the connection carries. */
  readonly l7?: L7Explanation | undefined;
  /** Modes of `authentication` that an allowing rule asks for: the connection waits for the handshake. */
  readonly authentication: readonly string[];
}

/** A rule that selects the subject: it holds where neither its peers nor its ports differ. */
export interface WalkedRule {
  readonly policy: PolicyRef;
  readonly rule: string;
  readonly path: string;
  /** `isolates`: it names nobody, and only switches on that what is not allowed is denied. */
  readonly says: 'allows' | 'denies' | 'isolates' | 'nothing';
  readonly effect: Effect;
  readonly peerDiffers: readonly Difference[];
  readonly portDiffers: readonly Difference[];
}

/**
 * - `not-enforced`: no enforcement point at that end.
 * - `no-policy`: no rule selects the subject in this direction.
 * - `no-default-deny`: rules select it, none of them denies by default, and none matches.
 * - `local-host`: the node may always reach its own pods.
 * - `l7`: let through to the proxy, which refuses the request.
 * - `undecidable`: Cilium would decide by chance; see `error`.
 */
export type SideReason =
  | 'not-enforced'
  | 'no-policy'
  | 'no-default-deny'
  | 'local-host'
  | 'allow'
  | 'deny'
  | 'default-deny'
  | 'l7'
  | 'undecidable';

export interface L7Explanation {
  /** `open`: the proxy sees the traffic and lets all of it pass. */
  readonly scope: 'restricted' | 'open';
  readonly rules: readonly L7RuleExplanation[];
  /** What the proxy makes of the request; absent where the flow carries none it could judge. */
  readonly judged?: 'allowed' | 'denied' | 'unknown' | undefined;
}

export interface L7RuleExplanation {
  readonly policy: PolicyRef;
  readonly rule: string;
  readonly path: string;
  readonly http: readonly HttpRule[];
  readonly dns: readonly DnsRule[];
  readonly serverNames: readonly string[];
  readonly listener?: string | undefined;
}

export interface NearMiss {
  readonly policy: PolicyRef;
  readonly direction: Direction;
  readonly rule: string;
  readonly path: string;
  readonly differs: readonly Difference[];
}

/** One thing that keeps a rule from allowing a connection, with a sentence about it. `path` is the place to change. */
export interface Difference {
  readonly what:
    | 'port'
    | 'protocol'
    | 'label'
    | 'namespace'
    | 'cluster'
    | 'subject-label'
    | 'disabled'
    | 'address'
    | 'exception'
    | 'name'
    | 'entity'
    | 'kind-of-peer'
    | 'no-peer'
    | 'no-port'
    | 'denied';
  readonly path: string;
  readonly message: string;
  /** As the rule has it, and as the connection has it; absent where there is no single value. */
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
}
