import { compile } from '../evaluate/engine.ts';
import type { Engine } from '../evaluate/engine.ts';
import type { Policy } from '../model/policy.ts';
import type { EngineOptions, World } from '../model/world.ts';
import { commonRanges } from './address-ranges.ts';
import { createEnds } from './ends.ts';
import type { End } from './ends.ts';
import { createOutcomeTable } from './outcome-table.ts';
import type { Connection, OutcomeTable } from './outcome-table.ts';
import { createReach } from './reach.ts';
import type { Reach } from './reach.ts';
import type { Inventory } from './workloads.ts';

export interface ConnectivityItem {
  readonly from: string;
  readonly to: string;
  /** The same list for all pairs with the same connections. */
  readonly connections: readonly Connection[];
}

export interface ConnectivityInput {
  readonly policies: readonly Policy[];
  readonly inventory: Inventory;
  readonly options?: EngineOptions;
  /** The local cluster's name; `default` unless given. */
  readonly cluster?: string | undefined;
}

export interface Connectivity {
  readonly ends: readonly string[];
  /** Why nothing is listed for some ends. */
  readonly undecided: readonly string[];
  /** Ordered by `from`, then `to`; made while they are asked for. */
  items(): Iterable<ConnectivityItem>;
}

/** Who may connect to whom on what: exact, and computed once for all ends that policies cannot tell apart. */
export function connectivity(input: ConnectivityInput): Connectivity {
  const table = createOutcomeTable();
  const engine = engineOf(input);
  const { workloads } = input.inventory;
  const reach = createReach({ engine, workloads, table });
  const ranges = families([engine]).flatMap((family) => commonRanges(family, [reach.ranges]));
  const ends = createEnds(new Set(workloads.map(({ name }) => name)), ranges, [reach]);
  return {
    ends: ends.map(({ name }) => name),
    undecided: reach.undecided,
    items: () => itemsOf(ends, reach, table),
  };
}

export function engineOf({ policies, inventory, cluster, options = {} }: ConnectivityInput): Engine {
  const { services, cidrGroups } = inventory;
  const world: World = {
    endpoints: inventory.workloads.flatMap(({ endpoints }) => endpoints),
    services,
    cidrGroups,
    cluster,
  };
  return compile(policies, world, options);
}

/** IPv4, and IPv6 where the stack or a policy speaks of it. */
export function families(engines: readonly Engine[]): readonly (4 | 6)[] {
  return engines.some(speaksOfIpv6) ? [4, 6] : [4];
}

function speaksOfIpv6({ state }: Engine): boolean {
  if ((state.options.stack ?? 'ipv4') !== 'ipv4') return true;
  if (state.addresses.blocks.some(({ family, bits }) => family === 6 && bits > 0)) return true;
  const rules = [...state.policies.values()].flatMap(({ policy }) => policy.rules);
  return rules.some(
    ({ peers }) => peers.type === 'list' && peers.peers.some((peer) => peer.type === 'cidr' && peer.cidr.includes(':')),
  );
}

function* itemsOf(ends: readonly End[], reach: Reach, table: OutcomeTable): Iterable<ConnectivityItem> {
  const rows = new Map<number, (readonly Connection[] | undefined)[]>();
  for (const from of ends) {
    const fromClass = from.classes[0] ?? -1;
    const row = rows.get(fromClass) ?? [];
    rows.set(fromClass, row);
    for (const to of ends) {
      if (from === to || (from.isRange && to.isRange)) continue;
      const toClass = to.classes[0] ?? -1;
      const connections = (row[toClass] ??= table.connectionsOf(reach.between(fromClass, toClass)));
      if (connections.length > 0) yield { from: from.name, to: to.name, connections };
    }
  }
}
