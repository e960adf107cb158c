import type { Cidr } from '../model/address.ts';
import { formatCidr, parseCidr } from '../model/address.ts';
import type { Protocol } from '../model/protocol.ts';

export interface LabelValue {
  readonly source: string;
  readonly value: string;
}

/** The labels of one identity. A key has one label, as in Cilium: whichever source was set last. */
export type Labels = ReadonlyMap<string, LabelValue>;

export interface ContainerPortNumber {
  readonly protocol: Protocol;
  readonly port: number;
}

/** What policies can tell endpoints apart by. Endpoints with the same of all this are one identity. */
export interface IdentityShape {
  readonly labels: Labels;
  /** Named ports belong to an identity since 1.20. Names are lower-case. */
  readonly ports: ReadonlyMap<string, ContainerPortNumber>;
  /** The block of its `cidr:` label. */
  readonly cidr?: Cidr | undefined;
  /** The address of a pod: only Kubernetes' own semantics match it. */
  readonly ip?: Cidr | undefined;
  /** The identity that stands for all of its class in a policy map. */
  readonly aggregate?: Aggregate | undefined;
}

/** A shape with its place in the universe. */
export interface Identity extends IdentityShape {
  readonly place: number;
  readonly key: string;
}

export const aggregates = [
  'aggregate-cluster',
  'aggregate-cluster-mesh',
  'aggregate-world',
  'aggregate-remote-node',
] as const;
export type Aggregate = (typeof aggregates)[number];

export const reservedLabel = (name: string): [string, LabelValue] => [name, { source: 'reserved', value: '' }];

/** A `cidr:` label's key: colons are not allowed in keys, nor dashes at their ends. */
export function cidrKey(block: Cidr): string {
  const [address = '', bits = ''] = formatCidr(block).split('/');
  return `${address.replace(/^:/, '0:').replace(/:$/, ':0').replaceAll(':', '-')}/${bits}`;
}

export function parseCidrKey(key: string): Cidr | undefined {
  return parseCidr(key.replaceAll('-', ':'));
}

export function shapeKey({ labels, ports, ip, aggregate }: IdentityShape): string {
  const labelled = [...labels].map(([key, { source, value }]) => `${source}:${key}=${value}`).toSorted();
  const named = [...ports].map(([name, { protocol, port }]) => `${name} ${protocol} ${port}`).toSorted();
  return JSON.stringify([labelled, named, ip ? formatCidr(ip) : '', aggregate ?? '']);
}
