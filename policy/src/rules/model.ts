import type { PolicyKind } from '../model/policy.ts';

/** A policy as Rule mode shows it. `docs/schema/policy-rules.schema.json` publishes this shape. */
export interface PolicyRules {
  readonly kind: PolicyKind;
  readonly name: string;
  /** Empty where the manifest names none, and for cluster-wide policies. */
  readonly namespace: string;
  readonly description?: string;
  readonly enabled: boolean;
  /** A cluster-wide policy may select nodes instead of pods. */
  readonly subject?: 'nodes';
  readonly selector: LabelSelector;
  /** NetworkPolicy only: the directions it isolates, where the manifest lists them. */
  readonly policyTypes?: readonly PolicyType[];
  /** Cilium only: where the manifest overrides that rules switch on the default deny. */
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly rules: readonly Rule[];
}

export type PolicyType = 'Ingress' | 'Egress';

/** Without either field it selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface Rule {
  readonly direction: 'ingress' | 'egress';
  readonly action: 'allow' | 'deny';
  /** `any` alone: anyone. Empty: nobody, as in Cilium's empty rule. */
  readonly peers: readonly Peer[];
  /** Empty: every port, unless `icmp` says otherwise. */
  readonly ports: readonly Port[];
  readonly icmp?: readonly IcmpType[];
  /** The only HTTP requests that pass; `{}` is any request. */
  readonly http?: readonly HttpRequestRule[];
  /** The only DNS lookups that pass. */
  readonly dns?: readonly DnsName[];
}

export type Peer =
  | { readonly type: 'any' }
  | { readonly type: 'pods'; readonly pods?: LabelSelector; readonly namespaces?: LabelSelector }
  | { readonly type: 'entity'; readonly entity: string }
  | { readonly type: 'cidr'; readonly cidr: string; readonly except?: readonly string[] }
  | ({ readonly type: 'dns' } & DnsName);

export type DnsName = { readonly name: string } | { readonly pattern: string };

export interface Port {
  /** Digits or a name; `0` is every port of the protocol. */
  readonly port: string;
  readonly endPort?: number;
  readonly protocol: string;
}

export interface IcmpType {
  readonly family: 'IPv4' | 'IPv6';
  readonly type: number | string;
}

export interface HttpRequestRule {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
}

/** Why a manifest cannot be shown, and where. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
}

export type RulesResult =
  | { readonly ok: true; readonly rules: PolicyRules }
  | { readonly ok: false; readonly reasons: readonly Reason[] };
