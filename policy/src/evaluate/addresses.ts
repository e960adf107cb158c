import { cidr as blockOf, formatCidr, isSingleAddress, parseAddress, parseCidr } from '../model/address.ts';
import type { Cidr } from '../model/address.ts';
import type { CidrGroup, Endpoint } from '../model/world.ts';
import { cidrGroupNameKey } from '../model/selector.ts';
import { canonicalName } from './fqdn.ts';
import type { FqdnSelector } from './fqdn.ts';
import { cidrKey, reservedLabel } from './labels.ts';
import type { IdentityShape, LabelValue } from './labels.ts';

export interface AddressSources {
  /** Every block that a policy names, exceptions included. */
  readonly blocks: Iterable<Cidr>;
  readonly fqdns: readonly FqdnSelector[];
  readonly groups: readonly CidrGroup[];
  readonly endpoints: readonly Endpoint[];
  readonly stack: 'ipv4' | 'dual' | 'ipv6';
  readonly nodesAreBlocks: boolean;
}

/** What an address is to policies: the labels of the longest known block that holds it, as Cilium's ipcache has it. */
export interface AddressBook {
  shapeOf(block: Cidr): IdentityShape;
  /** The blocks that the address space falls into, wider ones first. An address belongs to the last that holds it. */
  readonly blocks: readonly Cidr[];
}

interface Metadata {
  readonly block: Cidr;
  readonly labels: Map<string, LabelValue>;
}

export function worldLabel(family: 4 | 6, stack: AddressSources['stack']): string {
  const own = family === 4 ? 'ipv4' : 'ipv6';
  return stack === own ? 'world' : `world-${own}`;
}

/** A block of all addresses is, to policies, a world label. */
export function isEverything(block: Cidr): boolean {
  return block.bits === 0;
}

export function createAddressBook(sources: AddressSources): AddressBook {
  const known = new Map<string, Metadata>();
  const note = (block: Cidr, labels: Iterable<readonly [string, LabelValue]>): void => {
    const key = formatCidr(block);
    const metadata = known.get(key) ?? { block, labels: new Map<string, LabelValue>() };
    known.set(key, metadata);
    for (const [name, value] of labels) metadata.labels.set(name, value);
  };
  for (const block of sources.blocks) note(block, blockLabels(block));
  for (const group of sources.groups) {
    for (const text of group.cidrs) {
      const block = parseCidr(text);
      if (block) note(block, groupLabels(group));
    }
  }
  for (const endpoint of sources.endpoints) noteEndpoint(endpoint, sources, note);

  const lengths = { 4: lengthsOf(known.values(), 4), 6: lengthsOf(known.values(), 6) };
  const parentsOf = (block: Cidr): Metadata[] =>
    lengths[block.family]
      .filter((bits) => bits <= block.bits)
      .flatMap((bits) => known.get(formatCidr(blockOf(block.family, block.first, bits))) ?? []);

  const blocks = [blockOf(4, 0n, 0), blockOf(6, 0n, 0), ...[...known.values()].map(({ block }) => block)];
  return {
    blocks: blocks.toSorted((one, other) => one.bits - other.bits),
    shapeOf: (block) => shapeOf(block, parentsOf(block), sources),
  };
}

type Note = (block: Cidr, labels: Iterable<readonly [string, LabelValue]>) => void;

function noteEndpoint(endpoint: Endpoint, { fqdns, stack }: AddressSources, note: Note): void {
  const block = endpoint.cidr === undefined ? undefined : parseCidr(endpoint.cidr);
  if (!block) return;
  const names = (endpoint.names ?? []).map(canonicalName);
  const learned = fqdns.filter(({ matches }) => names.some(matches));
  if (learned.length > 0) note(block, learned.map(fqdnLabel));
  if (endpoint.entity !== undefined) note(block, [reservedLabel(endpoint.entity)]);
  else if (!isSingleAddress(block))
    note(block, [...blockLabels(block), reservedLabel(worldLabel(block.family, stack))]);
}

const fqdnLabel = ({ text }: FqdnSelector): [string, LabelValue] => [text, { source: 'fqdn', value: '' }];

function blockLabels(block: Cidr): [string, LabelValue][] {
  return isEverything(block) ? [] : [[cidrKey(block), { source: 'cidr', value: '' }]];
}

function groupLabels({ name, labels }: CidrGroup): [string, LabelValue][] {
  const own = Object.entries(labels ?? {}).filter(([key]) => !key.startsWith('io.cilium.k8s'));
  return [
    ...own.map(([key, value]): [string, LabelValue] => [key, { source: 'cidrgroup', value }]),
    ...own.map(([key, value]): [string, LabelValue] => [`${key}+${value}`, { source: 'cidrgroup', value: '' }]),
    [`${cidrGroupNameKey}/${name}`, { source: 'cidrgroup', value: '' }],
  ];
}

function lengthsOf(known: Iterable<Metadata>, family: 4 | 6): number[] {
  const lengths = new Set([...known].filter(({ block }) => block.family === family).map(({ block }) => block.bits));
  return [...lengths].toSorted((one, other) => other - one);
}

/** An agent without IPv4 that knows nothing of an IPv4 address has but one world for it. */
function unknownWorld({ family }: Cidr, { stack }: AddressSources): string {
  return family === 4 && stack === 'ipv6' ? 'world' : worldLabel(family, stack);
}

/** Labels of all blocks around, nearer ones first; of `cidr:` labels only the nearest. */
function shapeOf(block: Cidr, parents: readonly Metadata[], sources: AddressSources): IdentityShape {
  const labels = new Map<string, LabelValue>();
  let nearest: Cidr | undefined;
  for (const parent of parents) {
    const hadBlock = nearest !== undefined;
    for (const [key, value] of parent.labels) {
      if (labels.has(key) || (value.source === 'cidr' && hadBlock)) continue;
      labels.set(key, value);
      if (value.source === 'cidr') nearest = parent.block;
    }
  }
  const isNode = labels.has('host') || labels.has('remote-node');
  const isInside = isNode || labels.has('health') || labels.has('ingress');
  if (isInside) {
    for (const world of ['world', 'world-ipv4', 'world-ipv6']) labels.delete(world);
  } else
    labels.set(
      ...reservedLabel(parents.length === 0 ? unknownWorld(block, sources) : worldLabel(block.family, sources.stack)),
    );
  if (isInside && !(isNode && sources.nodesAreBlocks)) {
    const outside = ['cidr', 'fqdn', 'cidrgroup'];
    for (const [key, { source }] of labels) if (outside.includes(source)) labels.delete(key);
    nearest = undefined;
  }
  const isReserved = labels.size === 1 || isNode;
  return { labels, ports: new Map(), cidr: nearest, aggregate: isReserved ? undefined : 'aggregate-world' };
}

/** The block of one address, for peers that are known by nothing else. */
export function blockOfAddress(text: string): Cidr | undefined {
  const address = parseAddress(text);
  return address && blockOf(address.family, address.value, address.family === 4 ? 32 : 128);
}
