import { contains } from '../model/address.ts';
import type { Cidr } from '../model/address.ts';
import type { Requirement } from '../model/selector.ts';
import { andInto, andNotInto, firstBits, hasBit, orInto, setBit } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import { createLabelIndex } from './label-index.ts';
import { aggregates, parseCidrKey, reservedLabel, shapeKey } from './labels.ts';
import type { Identity, IdentityShape } from './labels.ts';

/** A condition on identities that needs no policy to be understood: labels already scoped, services already looked up. */
export type Condition =
  | { readonly type: 'labels'; readonly requirements: readonly Requirement[] }
  | {
      readonly type: 'addresses';
      readonly within: AddressCondition;
      /** Blocks that are taken out again. `world` labels stand for the blocks of all addresses. */
      readonly except: readonly BlockCondition[];
      readonly matchesNodes: boolean;
      readonly matchesPods: boolean;
      /** Also the pods whose own address is within: Kubernetes' semantics, not Cilium's. */
      readonly pods?: { readonly within: Cidr; readonly except: readonly Cidr[] } | undefined;
    };

/** All addresses are a world label; with cidrMatchMode `pods` also every `cidr:` label of these families. */
export type BlockCondition = Cidr | { readonly world: string; readonly families: readonly (4 | 6)[] };
export type AddressCondition =
  | BlockCondition
  | { readonly group: string }
  | { readonly groups: readonly Requirement[] };

/**
 * Identities and conditions, numbered, and which identity meets which condition. Whether one does never depends on
 * anything else, so all engines that grew from one another share one universe, and it only ever grows.
 */
export interface Universe {
  readonly identities: readonly Identity[];
  readonly words: number;
  identityOf(shape: IdentityShape): Identity;
  conditionOf(condition: Condition): number;
  /** The identities that meet a condition, by themselves or through their aggregate. Not to be changed. */
  matching(condition: number): Bitset;
  /** Those that meet it by themselves. */
  matchingExactly(condition: number): Bitset;
  conditionAt(place: number): Condition;
  isMet(condition: number, identity: Identity): boolean;
  /** The identities with a port of this name, by its number. */
  withPort(name: string, protocol: string): ReadonlyMap<number, Bitset>;
}

interface Known {
  readonly condition: Condition;
  count: number;
  exact: Bitset;
  effective: Bitset;
}

export function createUniverse(): Universe {
  const index = createLabelIndex();
  const identities: Identity[] = [];
  const byShape = new Map<string, Identity>();
  const addressed: { readonly place: number; readonly cidr: Cidr }[] = [];
  const pods: { readonly place: number; readonly cidr: Cidr }[] = [];
  const aggregated = new Map<string, number[]>(aggregates.map((name) => [name, []]));
  const conditions: Known[] = [];
  const conditionPlaces = new Map<string, number>();
  const ports = new Map<string, Map<number, number[]>>();

  const identityOf = (shape: IdentityShape): Identity => {
    const key = shapeKey(shape);
    const known = byShape.get(key);
    if (known) return known;
    const identity: Identity = { ...shape, place: identities.length, key };
    identities.push(identity);
    byShape.set(key, identity);
    index.add(shape.labels);
    if (shape.cidr) addressed.push({ place: identity.place, cidr: shape.cidr });
    if (shape.ip) pods.push({ place: identity.place, cidr: shape.ip });
    if (shape.aggregate) aggregated.get(shape.aggregate)?.push(identity.place);
    for (const [name, { protocol, port }] of shape.ports) {
      const numbers = ports.get(`${name}/${protocol}`) ?? new Map<number, number[]>();
      ports.set(`${name}/${protocol}`, numbers);
      numbers.set(port, [...(numbers.get(port) ?? []), identity.place]);
    }
    return identity;
  };

  const setOf = (places: readonly number[]): Bitset => {
    const bits = new Uint32Array(index.words);
    for (const place of places) setBit(bits, place);
    return bits;
  };

  const all = (requirements: readonly Requirement[]): Bitset => {
    const bits = firstBits(index.words, index.count);
    for (const requirement of requirements) andInto(bits, selectOne(requirement));
    return bits;
  };

  const selectOne = (requirement: Requirement): Bitset => {
    const block = requirement.source === 'cidr' ? parseCidrKey(requirement.key) : undefined;
    if (!block) return index.select(requirement);
    // A `cidr:` key matches every narrower block. Such a label has no value.
    const { operator, values } = requirement;
    const inside = within(block, addressed);
    if (operator === 'Exists' || (operator === 'In' && values.includes(''))) return inside;
    if (operator === 'In') return new Uint32Array(index.words);
    const outside = firstBits(index.words, index.count);
    if (operator === 'DoesNotExist' || values.includes('')) andNotInto(outside, inside);
    return outside;
  };

  const within = (block: Cidr, from: typeof addressed): Bitset =>
    setOf(from.filter(({ cidr }) => contains(block, cidr)).map(({ place }) => place));

  const block = (condition: BlockCondition): Bitset => {
    if (!('world' in condition)) return within(condition, addressed);
    const bits = index.select(exists('reserved', condition.world));
    orInto(bits, ofFamilies(condition.families));
    return bits;
  };

  /** What an exception takes out. In that mode Cilium counts the label as met here too, so the exception spares them. */
  const hole = (condition: BlockCondition): Bitset => {
    if (!('world' in condition)) return within(condition, addressed);
    const bits = index.select(exists('reserved', condition.world));
    andNotInto(bits, ofFamilies(condition.families));
    return bits;
  };

  const ofFamilies = (families: readonly (4 | 6)[]): Bitset =>
    setOf(addressed.filter(({ cidr }) => families.includes(cidr.family)).map(({ place }) => place));

  const addresses = (condition: Condition & { type: 'addresses' }): Bitset => {
    const candidates = ['world', 'world-ipv4', 'world-ipv6'].map((key) => index.withKey(key));
    const bits = new Uint32Array(index.words);
    for (const each of candidates) orInto(bits, each);
    const world = bits.slice();
    const nodes = index.withKey('host');
    orInto(nodes, index.withKey('remote-node'));
    if (condition.matchesNodes) orInto(bits, nodes);
    if (condition.matchesPods) {
      const others = firstBits(index.words, index.count);
      andNotInto(others, world);
      andNotInto(others, nodes);
      orInto(bits, others);
    }
    andInto(bits, target(condition.within));
    for (const exception of condition.except) andNotInto(bits, hole(exception));
    if (condition.pods) orInto(bits, podsWithin(condition.pods));
    return bits;
  };

  const podsWithin = (condition: { readonly within: Cidr; readonly except: readonly Cidr[] }): Bitset => {
    const bits = within(condition.within, pods);
    for (const hole of condition.except) andNotInto(bits, within(hole, pods));
    return bits;
  };

  const target = (condition: AddressCondition): Bitset => {
    if ('group' in condition) return index.select(exists('cidrgroup', condition.group));
    if (!('groups' in condition)) return block(condition);
    const bits = firstBits(index.words, index.count);
    for (const requirement of condition.groups) andInto(bits, selectGroups(requirement));
    return bits;
  };

  /** CIDR groups carry `key+value` labels beside `key`, so that a prefix in two groups keeps both values. */
  const selectGroups = ({ source, key, operator, values }: Requirement): Bitset => {
    if (operator === 'Exists' || operator === 'DoesNotExist') return index.select({ source, key, operator, values });
    const some = new Uint32Array(index.words);
    for (const value of values) orInto(some, index.select(exists(source, `${key}+${value}`)));
    if (operator === 'In') return some;
    const none = firstBits(index.words, index.count);
    andNotInto(none, some);
    return none;
  };

  const known = (place: number): Known => {
    const entry = conditions[place];
    if (!entry) throw new Error(`No condition ${place}`);
    if (entry.count === index.count) return entry;
    entry.count = index.count;
    entry.exact = entry.condition.type === 'labels' ? all(entry.condition.requirements) : addresses(entry.condition);
    const through = aggregates.filter((_, aggregate) => hasBit(entry.exact, aggregate));
    entry.effective = through.length === 0 ? entry.exact : entry.exact.slice();
    for (const name of through) orInto(entry.effective, setOf(aggregated.get(name) ?? []));
    return entry;
  };

  for (const name of aggregates) identityOf({ labels: new Map([reservedLabel(name)]), ports: new Map() });

  return {
    identities,
    get words() {
      return index.words;
    },
    identityOf,
    conditionOf(condition) {
      const key = JSON.stringify(condition, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
      const place = conditionPlaces.get(key) ?? conditions.length;
      if (place === conditions.length) {
        conditionPlaces.set(key, place);
        conditions.push({ condition, count: -1, exact: new Uint32Array(0), effective: new Uint32Array(0) });
      }
      return place;
    },
    conditionAt: (place) => known(place).condition,
    isMet: (place, identity) => hasBit(known(place).effective, identity.place),
    matching: (place) => known(place).effective,
    matchingExactly: (place) => known(place).exact,
    withPort(name, protocol) {
      const numbers = ports.get(`${name}/${protocol}`) ?? new Map<number, number[]>();
      return new Map([...numbers].map(([number, places]) => [number, setOf(places)]));
    },
  };
}

const exists = (source: string, key: string): Requirement => ({ source, key, operator: 'Exists', values: [] });
