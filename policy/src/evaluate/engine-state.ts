import type { Policy, PolicyRef } from '../model/policy.ts';
import type { CidrGroup, Endpoint, EngineOptions, Service, World } from '../model/world.ts';
import { createAddressBook } from './addresses.ts';
import type { AddressBook } from './addresses.ts';
import { membersOf } from './bitset.ts';
import { compilePolicy } from './compiled-policy.ts';
import type { CompileContext, CompiledPolicy } from './compiled-policy.ts';
import { shapeOfEndpoint } from './endpoints.ts';
import type { EndpointContext } from './endpoints.ts';
import type { Identity } from './labels.ts';
import { createDecisionTables } from './decision-tables.ts';
import type { DecisionTables } from './decision-tables.ts';
import { createUniverse } from './universe.ts';
import type { Universe } from './universe.ts';

export type Direction = 'ingress' | 'egress';

/** An endpoint and what policies see of it. */
export interface Slot {
  readonly endpoint: Endpoint;
  readonly identity: Identity;
  /** That of its identity. */
  readonly place: number;
  /** Whether its own policies are enforced where it runs: world and foreign nodes have no enforcement point. */
  readonly isEnforced: boolean;
  /** Why nothing can be said of it. */
  readonly error?: string | undefined;
}

/** Changed in place: what it holds is only where something was put. */
export interface Offsets {
  ingress: Int32Array;
  egress: Int32Array;
  /** That of the tables when these were right. */
  generation: number;
}

/** Everything an engine knows. A new engine shares what did not change. */
export interface EngineState {
  readonly cluster: string;
  readonly options: EngineOptions;
  readonly groups: readonly CidrGroup[];
  readonly services: readonly Service[];
  readonly universe: Universe;
  readonly compile: CompileContext;
  readonly policies: ReadonlyMap<PolicyRef, CompiledPolicy>;
  readonly addresses: AddressBook;
  readonly slots: ReadonlyMap<string, Slot>;
  readonly tables: DecisionTables;
  /** Where `tables` has a subject's side, by the place of its identity; 0 until first asked for. */
  readonly offsets: Offsets;
}

export interface EngineChanges {
  readonly policies?: { readonly put?: readonly Policy[]; readonly remove?: readonly PolicyRef[] } | undefined;
  readonly endpoints?: { readonly put?: readonly Endpoint[]; readonly remove?: readonly string[] } | undefined;
  readonly cidrGroups?: readonly CidrGroup[] | undefined;
  readonly services?: readonly Service[] | undefined;
}

export function createState(policies: readonly Policy[], world: World, options: EngineOptions): EngineState {
  const universe = createUniverse();
  let rules = 0;
  const cluster = world.cluster || 'default';
  const services = world.services ?? [];
  const compile: CompileContext = { cluster, options, services, universe, nextRuleId: () => (rules += 1) };
  const compiled = new Map(policies.map((policy) => [policy.ref, compilePolicy(policy, compile)]));
  const groups = world.cidrGroups ?? [];
  const addresses = addressBook([...compiled.values()], groups, world.endpoints, options);
  const context: EndpointContext = { cluster, options, addresses };
  const slots = new Map(world.endpoints.map((endpoint) => [endpoint.id, slotOf(endpoint, universe, context)]));
  const tables = createDecisionTables();
  const offsets = emptyOffsets(universe.identities.length);
  return {
    cluster,
    options,
    groups,
    services,
    universe,
    compile,
    policies: compiled,
    addresses,
    slots,
    tables,
    offsets,
  };
}

export function addressBook(
  policies: readonly CompiledPolicy[],
  groups: readonly CidrGroup[],
  endpoints: readonly Endpoint[],
  options: EngineOptions,
): AddressBook {
  const fqdns = new Map(policies.flatMap((policy) => policy.fqdns.map((fqdn) => [fqdn.text, fqdn] as const)));
  return createAddressBook({
    blocks: policies.flatMap(({ blocks }) => blocks),
    fqdns: [...fqdns.values()],
    groups,
    endpoints: endpoints.filter(({ cidr }) => cidr !== undefined),
    stack: options.stack ?? 'ipv4',
    nodesAreBlocks: (options.cidrMatchMode ?? []).includes('nodes'),
  });
}

export function slotOf(endpoint: Endpoint, universe: Universe, context: EndpointContext): Slot {
  const shape = shapeOfEndpoint(endpoint, context);
  if (typeof shape === 'string') {
    const identity = universe.identityOf({ labels: new Map(), ports: new Map() });
    const error = `endpoint "${endpoint.id}": ${shape}`;
    return { endpoint, identity, place: identity.place, isEnforced: false, error };
  }
  const identity = universe.identityOf(shape);
  const isSubject = isEnforced(endpoint, context);
  return { endpoint, identity, place: identity.place, isEnforced: isSubject, error: undefined };
}

function isEnforced(endpoint: Endpoint, { cluster, options }: EndpointContext): boolean {
  if (endpoint.cidr !== undefined) return false;
  switch (endpoint.entity) {
    case undefined:
      return endpoint.namespace !== undefined && endpoint.namespace !== '' && (endpoint.cluster ?? cluster) === cluster;
    case 'host':
      return options.hostFirewall === true;
    case 'health':
    case 'init':
    case 'ingress':
      return true;
    default:
      return false;
  }
}

export function changeState(state: EngineState, changes: EngineChanges): EngineState {
  // Identities whose last endpoint has gone are left behind when they have become many.
  const isGrown = state.universe.identities.length > 4 * state.slots.size + 10_000;
  if (changes.cidrGroups || changes.services || isGrown) return rebuild(state, changes);
  const { policies, touched, knowsOtherBlocks } = changePolicies(state, changes.policies);
  const sides = keepSides(state, touched);
  const removed = changes.endpoints?.remove ?? [];
  const put = changes.endpoints?.put ?? [];
  if (!knowsOtherBlocks && removed.length + put.length === 0) return { ...state, policies, ...sides };
  const slots = new Map(state.slots);
  const replaced = [...removed, ...put.map(({ id }) => id)].map((id) => slots.get(id)?.endpoint);
  for (const id of removed) slots.delete(id);
  const isNewBook = knowsOtherBlocks || [...replaced, ...put].some((endpoint) => endpoint?.cidr !== undefined);
  const placed = new Map(put.map((endpoint) => [endpoint.id, endpoint]));
  const isAddress = (endpoint: Endpoint): boolean => endpoint.cidr !== undefined;
  const addressed = isNewBook ? [...slots.values()].map(({ endpoint }) => endpoint).filter(isAddress) : [];
  const kept = addressed.filter(({ id }) => !placed.has(id));
  const addresses = isNewBook
    ? addressBook([...policies.values()], state.groups, [...kept, ...put], state.options)
    : state.addresses;
  const context: EndpointContext = { cluster: state.cluster, options: state.options, addresses };
  for (const endpoint of [...kept, ...put]) slots.set(endpoint.id, slotOf(endpoint, state.universe, context));
  return { ...state, policies, slots, addresses, ...sides };
}

interface PolicyChange {
  readonly policies: EngineState['policies'];
  /** What went and what came. */
  readonly touched: readonly CompiledPolicy[];
  /** Whether addresses are told apart by other blocks or names than before. */
  readonly knowsOtherBlocks: boolean;
}

function changePolicies(state: EngineState, changes: EngineChanges['policies']): PolicyChange {
  const policies = new Map(state.policies);
  const touched: CompiledPolicy[] = [];
  const keysBefore = new Map<PolicyRef, string>();
  const drop = (ref: PolicyRef): void => {
    const old = policies.get(ref);
    if (!keysBefore.has(ref)) keysBefore.set(ref, old?.addressKey ?? '');
    if (old) touched.push(old);
    policies.delete(ref);
  };
  for (const ref of changes?.remove ?? []) drop(ref);
  for (const policy of changes?.put ?? []) {
    drop(policy.ref);
    const compiled = compilePolicy(policy, state.compile);
    policies.set(policy.ref, compiled);
    touched.push(compiled);
  }
  const knowsOtherBlocks = [...keysBefore].some(([ref, key]) => (policies.get(ref)?.addressKey ?? '') !== key);
  return { policies, touched, knowsOtherBlocks };
}

function rebuild(state: EngineState, changes: EngineChanges): EngineState {
  const policies = [...state.policies.values()].map(({ policy }) => policy);
  const world: World = {
    cluster: state.cluster,
    endpoints: [...state.slots.values()].map(({ endpoint }) => endpoint),
    cidrGroups: changes.cidrGroups ?? state.groups,
    services: changes.services ?? state.services,
  };
  const { policies: policyChanges, endpoints } = changes;
  return changeState(createState(policies, world, state.options), { policies: policyChanges, endpoints });
}

/** Sides of subjects that no changed policy selects, or selected, stay as they are. */
function keepSides(state: EngineState, touched: readonly CompiledPolicy[]): Pick<EngineState, 'offsets'> {
  const none = { ...emptyOffsets(0), generation: state.offsets.generation };
  if (touched.some(({ policy }) => policy.undecidable !== undefined)) return { offsets: none };
  const { ingress, egress, generation } = state.offsets;
  const offsets: Offsets = { ingress: ingress.slice(), egress: egress.slice(), generation };
  for (const { rules } of touched) {
    for (const { subject, direction } of rules) {
      for (const place of membersOf(state.universe.matchingExactly(subject))) {
        if (place < offsets[direction].length) offsets[direction][place] = 0;
      }
    }
  }
  return { offsets };
}

function emptyOffsets(count: number): Offsets {
  return { ingress: new Int32Array(count), egress: new Int32Array(count), generation: 0 };
}
