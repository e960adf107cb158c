import type { Protocol } from './protocol.ts';
import type { Requirement, Selector } from './selector.ts';

export type PolicyKind = 'NetworkPolicy' | 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy';
export type Direction = 'ingress' | 'egress';
export type Effect = 'allow' | 'deny';

/** `Kind/namespace/name`, or `Kind/name` for what has no namespace. */
export type PolicyRef = string;

/** A policy of any dialect, lowered to one shape: evaluation never knows which dialect it reads. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Empty for a cluster-scoped policy. */
  readonly namespace: string;
  readonly name: string;
  readonly ref: PolicyRef;
  readonly rules: readonly Rule[];
  /** What Cilium would decide by chance: the selected endpoints get no verdict, but this sentence. */
  readonly undecidable?: string | undefined;
}

/** One item of `ingress`, `ingressDeny`, `egress` or `egressDeny`. */
export interface Rule {
  readonly direction: Direction;
  readonly effect: Effect;
  /** Whether the selected endpoints deny what no rule of this direction allows. */
  readonly defaultDeny: boolean;
  readonly subject: Selector;
  readonly subjectIs: 'endpoint' | 'node';
  readonly peers: Peers;
  readonly ports: Ports;
  /** `spec.ingress[0]`: from the manifest's root. For a direction without items, the section that isolates. */
  readonly path: string;
  /** `ingress[0]`, `specs[1].egressDeny[0]`: as verdicts name it. */
  readonly name: string;
  readonly authentication?: string | undefined;
}

/**
 * - `any`: everything, in and outside the cluster.
 * - `nobody`: matches nothing; `empty` says which of the empty cases it is.
 * - `list`: one of the peers. Services are looked up in the world; where the list comes to nothing, `ifEmpty` holds.
 */
export type Peers =
  | { readonly type: 'any' }
  | { readonly type: 'nobody'; readonly empty: 'no-rule' | 'empty-rule' | 'empty-list' }
  | { readonly type: 'list'; readonly peers: readonly Peer[]; readonly ifEmpty: 'any' | 'nobody' };

export type Peer = PeerTarget & {
  /** Place in its list: the 1 of `fromEndpoints[1]`. */
  readonly index: number;
  readonly path: string;
};

export type PeerTarget =
  | { readonly type: 'endpoints'; readonly selector: Selector }
  | { readonly type: 'nodes'; readonly selector: Selector }
  | { readonly type: 'entity'; readonly entity: string; readonly selectors: readonly Selector[] }
  | { readonly type: 'cidr'; readonly cidr: string; readonly except: readonly string[]; readonly matchesPods: boolean }
  | { readonly type: 'cidr-group'; readonly group: string; readonly except: readonly string[] }
  | { readonly type: 'cidr-groups'; readonly requirements: readonly Requirement[]; readonly except: readonly string[] }
  | { readonly type: 'fqdn'; readonly matchName?: string | undefined; readonly matchPattern?: string | undefined }
  | { readonly type: 'service'; readonly service: ServiceReference }
  /** An external group (AWS), resolved by Cilium's operator: which addresses it holds is not in the manifest. */
  | { readonly type: 'external-group' };

export type ServiceReference =
  | { readonly by: 'name'; readonly name: string; readonly namespace: string }
  | { readonly by: 'labels'; readonly requirements: readonly Requirement[]; readonly namespace: string };

/** `all`: every port of every protocol, ICMP included. An empty list matches nothing. */
export type Ports = 'all' | readonly PortMatch[];

export interface PortMatch {
  readonly protocols: readonly Protocol[];
  readonly port: PortRange | NamedPort;
  /** Place among the ports of the item, counted over all `toPorts` entries, or over `icmps` fields. */
  readonly index: number;
  readonly path: string;
  readonly l7?: L7 | undefined;
}

export interface PortRange {
  readonly type: 'range';
  readonly first: number;
  readonly last: number;
}

export interface NamedPort {
  readonly type: 'name';
  readonly name: string;
  /** Cilium keeps it on ingress after the name is resolved, and ignores it on egress. */
  readonly endPort: number;
}

/** What the proxy may still refuse after the connection was let through. */
export interface L7 {
  readonly http: readonly HttpRule[];
  readonly dns: readonly DnsRule[];
  readonly serverNames: readonly string[];
  readonly listener?: string | undefined;
  /** TLS contexts as they are written, to tell whether two are the same. */
  readonly terminatingTls?: string | undefined;
  readonly originatingTls?: string | undefined;
  readonly path: string;
}

export interface HttpRule {
  readonly method?: string | undefined;
  readonly path?: string | undefined;
  readonly host?: string | undefined;
  readonly headers: readonly string[];
  readonly headerMatches: readonly HeaderMatch[];
}

export interface HeaderMatch {
  readonly name: string;
  readonly value?: string | undefined;
  readonly mismatch?: string | undefined;
  /** The value is in a Secret, which no manifest shows. */
  readonly secret: boolean;
}

export interface DnsRule {
  readonly matchName?: string | undefined;
  readonly matchPattern?: string | undefined;
}
