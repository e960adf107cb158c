/** A pod (`namespace`), an address block (`cidr`) or a reserved identity (`entity`), as `policy evaluate --queries` has it. */
export interface Endpoint {
  readonly id: string;
  readonly namespace?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly namespaceLabels?: Readonly<Record<string, string>> | undefined;
  readonly serviceAccount?: string | undefined;
  readonly ip?: string | undefined;
  readonly ports?: readonly ContainerPort[] | undefined;
  /** Another cluster of the mesh; absent: the local one. */
  readonly cluster?: string | undefined;
  /** With `entity`: an address that also carries the reserved label, such as an API server outside. */
  readonly cidr?: string | undefined;
  /** DNS names that the address is known by. */
  readonly names?: readonly string[] | undefined;
  readonly entity?: string | undefined;
}

export interface ContainerPort {
  readonly name?: string | undefined;
  readonly port: number;
  readonly protocol?: string | undefined;
}

/** An endpoint that is described where it is used: the peer of an observed flow. */
export type EndpointDescription = Omit<Endpoint, 'id'>;

export interface CidrGroup {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly cidrs: readonly string[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly selector?: Readonly<Record<string, string>> | undefined;
  /** Addresses behind a Service without a selector, from its EndpointSlices. */
  readonly addresses?: readonly string[] | undefined;
}

/** Everything that the policies speak of. */
export interface World {
  /** The local cluster's name; `default` where nothing else was configured. */
  readonly cluster?: string | undefined;
  readonly endpoints: readonly Endpoint[];
  readonly cidrGroups?: readonly CidrGroup[] | undefined;
  readonly services?: readonly Service[] | undefined;
}

/** Settings of Cilium's agents; absent: the defaults of its Helm chart. */
export interface EngineOptions {
  /** Whose semantics a NetworkPolicy gets: Cilium's, or those of the Kubernetes documentation. */
  readonly as?: 'cilium' | 'kubernetes' | undefined;
  readonly stack?: 'ipv4' | 'dual' | 'ipv6' | undefined;
  readonly enablePolicy?: 'default' | 'always' | 'never' | undefined;
  /** policy-default-local-cluster=false */
  readonly anyCluster?: boolean | undefined;
  readonly hostFirewall?: boolean | undefined;
  readonly nodeSelectorLabels?: boolean | undefined;
  readonly extendedProtocols?: boolean | undefined;
  /** allow-localhost=policy */
  readonly noAllowLocalhost?: boolean | undefined;
  /** Drops pod labels as the agents' default `--labels` does. */
  readonly labelFilter?: boolean | undefined;
  readonly cidrMatchMode?: readonly string[] | undefined;
}

/** One connection, asked for. The port of ICMP is the type; a name means the destination's port. */
export interface Flow {
  /** An endpoint of the world by its id, or one described here. */
  readonly from: string | EndpointDescription;
  readonly to: string | EndpointDescription;
  readonly port?: number | string | undefined;
  /** TCP where absent. */
  readonly protocol?: string | undefined;
  readonly http?: HttpRequest | undefined;
  readonly dns?: DnsQuery | undefined;
}

export interface HttpRequest {
  readonly method: string;
  /** With the query string, as Envoy sees `:path`. */
  readonly path: string;
  readonly host?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface DnsQuery {
  readonly name: string;
}
