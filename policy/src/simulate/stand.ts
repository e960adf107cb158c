import { compile } from '../evaluate/engine.ts';
import type { Engine } from '../evaluate/engine.ts';
import type { EngineChanges } from '../evaluate/engine-state.ts';
import type { Direction, Policy } from '../model/policy.ts';
import type { Endpoint, EngineOptions, World } from '../model/world.ts';
import { createAddressPlaces } from './address-places.ts';
import { nameProbe } from './name-probe.ts';
import type { ObservedEnd } from './observed.ts';
import { sideSource } from '../evaluate/side-source.ts';

/** Where every observed end stands under one set of policies. */
export interface Stand {
  readonly engine: Engine;
  /** By end: the place of its identity, -1 where it has none. */
  readonly places: Int32Array;
  /** By end: 1 where its own policies hold. */
  readonly enforced: Uint8Array;
  /**
   * Where the engine's tables have one direction of an end, ready to be asked about a peer; a sentence where it cannot
   * be decided. It is the same as long as nothing that decides about the end has changed.
   */
  offsetOf(end: number, direction: Direction, peer: number): number | string;
  /** The identity of an address outside that every name of the policies resolves to; -1 where they name none. */
  readonly anyName: number;
  changed(changes: PolicyChanges): Stand;
}

/** The ends are what was recorded: only policies change. */
export type PolicyChanges = Pick<EngineChanges, 'policies'>;

export interface StandInput {
  readonly policies: readonly Policy[];
  readonly ends: readonly ObservedEnd[];
  readonly world: Omit<World, 'endpoints'>;
  readonly options: EngineOptions;
}

const probeId = 'any-name';

export function createStand({ policies, ends, world, options }: StandInput): Stand {
  const endpoints = ends.flatMap(({ endpoint }, place): Endpoint[] =>
    endpoint === undefined || isPlainAddress(endpoint) ? [] : [{ ...endpoint, id: String(place) }],
  );
  const addresses = createAddressPlaces(
    ends.flatMap(({ endpoint }, place) =>
      endpoint?.cidr !== undefined && isPlainAddress(endpoint) ? [[place, endpoint.cidr] as const] : [],
    ),
  );
  const probe = nameProbe(policies);
  const engine = compile(
    policies,
    { ...world, endpoints: probe ? [...endpoints, { ...probe, id: probeId }] : endpoints },
    options,
  );
  return standOf(engine, ends.length, addresses);
}

function standOf(engine: Engine, count: number, addresses: ReturnType<typeof createAddressPlaces>): Stand {
  const compiled = engine.compiled();
  const places = new Int32Array(count).fill(-1);
  const enforced = new Uint8Array(count);
  for (const [id, slot] of engine.state.slots) {
    if (slot.error !== undefined || id === probeId) continue;
    places[Number(id)] = slot.identity.place;
    enforced[Number(id)] = Number(slot.isEnforced);
  }
  addresses.locate(compiled.ranges, places);
  const sides = sideSource(engine.state);
  return {
    engine,
    places,
    anyName: engine.state.slots.get(probeId)?.identity.place ?? -1,
    enforced,
    offsetOf(end, direction, peer) {
      const identity = compiled.identities[places[end] ?? -1];
      return identity === undefined ? 'it is nobody' : sides.offsetOf(identity, direction, peer);
    },
    changed(changes) {
      const probe = nameProbe(policiesAfter(engine, changes));
      const names = engine.state.slots.get(probeId)?.endpoint.names;
      const isSameProbe = JSON.stringify(names) === JSON.stringify(probe?.names);
      const endpoints = probe ? { put: [{ ...probe, id: probeId }] } : { remove: [probeId] };
      const next = isSameProbe ? changes : { ...changes, endpoints };
      return standOf(engine.update(next), count, addresses);
    },
  };
}

function policiesAfter({ state }: Engine, { policies }: PolicyChanges): Policy[] {
  const all = new Map([...state.policies].map(([ref, { policy }]) => [ref, policy]));
  for (const ref of policies?.remove ?? []) all.delete(ref);
  for (const policy of policies?.put ?? []) all.set(policy.ref, policy);
  return [...all.values()];
}

/** An address that is known by nothing else; those with names or an entity are endpoints of the world. */
function isPlainAddress({ cidr, entity, names }: NonNullable<ObservedEnd['endpoint']>): boolean {
  return cidr !== undefined && entity === undefined && (names ?? []).length === 0 && !cidr.includes('/');
}
