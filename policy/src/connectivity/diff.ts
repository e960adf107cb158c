import type { Engine } from '../evaluate/engine.ts';
import type { Decider } from '../model/verdict.ts';
import { commonRanges } from './address-ranges.ts';
import { engineOf, families } from './connectivity.ts';
import type { ConnectivityInput } from './connectivity.ts';
import { createEnds } from './ends.ts';
import type { End } from './ends.ts';
import { createOutcomeTable } from './outcome-table.ts';
import type { Connection, OutcomeTable } from './outcome-table.ts';
import { createReach } from './reach.ts';
import type { Reach } from './reach.ts';
import { firstChange } from './first-change.ts';

export interface ChangedPair {
  readonly from: string;
  readonly to: string;
  /** Empty where nothing was, or is, allowed. */
  readonly before: readonly Connection[];
  readonly after: readonly Connection[];
}

/** Which rules decide about the first port that was gained or lost: before and after. */
export interface Responsible {
  readonly protocol: string;
  readonly port: number;
  readonly before: readonly Decider[];
  readonly after: readonly Decider[];
}

export const changeKinds = ['added', 'removed', 'changed'] as const;
export type ChangeKind = (typeof changeKinds)[number];

export interface PolicyDiff {
  readonly isSame: boolean;
  /** Ordered by `from`, then `to`; made while they are asked for, since there may be millions. */
  pairs(kind: ChangeKind): Iterable<ChangedPair>;
  readonly undecided: readonly string[];
  /** The rules behind one of the pairs; undefined where an end has no pods that both worlds know. */
  responsibleFor(pair: ChangedPair): Responsible | undefined;
}

/** Connections gained and lost between two sets of policies and workloads. */
export function diff(before: ConnectivityInput, after: ConnectivityInput): PolicyDiff {
  const table = createOutcomeTable();
  const engines = [engineOf(before), engineOf(after)] as const;
  const [old, next] = [
    createReach({ engine: engines[0], workloads: before.inventory.workloads, table }),
    createReach({ engine: engines[1], workloads: after.inventory.workloads, table }),
  ];
  const names = [...before.inventory.workloads, ...after.inventory.workloads].map(({ name }) => name);
  const ranges = families(engines).flatMap((family) => commonRanges(family, [old.ranges, next.ranges]));
  const ends = createEnds(new Set(names), ranges, [old, next]);
  const comparison = { ends, old, next, table, rows: new Map() };
  return {
    isSame: isEmpty(changedPairs(comparison)),
    *pairs(kind) {
      for (const pair of changedPairs(comparison)) if (kindOf(pair) === kind) yield pair;
    },
    undecided: [...new Set([...old.undecided, ...next.undecided])],
    responsibleFor: (pair) => responsibleFor(pair, engines),
  };
}

function kindOf({ before, after }: ChangedPair): ChangeKind {
  if (before.length === 0) return 'added';
  return after.length === 0 ? 'removed' : 'changed';
}

function isEmpty(pairs: Iterable<ChangedPair>): boolean {
  for (const _ of pairs) return false;
  return true;
}

interface Comparison {
  readonly ends: readonly End[];
  /** What was found for ends of the same classes in both worlds. */
  readonly rows: Map<number, (Change | null | undefined)[]>;
  readonly old: Reach;
  readonly next: Reach;
  readonly table: OutcomeTable;
}

/** Compared once for ends of the same class in both worlds. */
function* changedPairs({ ends, rows, ...worlds }: Comparison): Iterable<ChangedPair> {
  const kinds = new Map<string, number>();
  const kindOfEnd = ends.map(({ classes }) => {
    const key = classes.join();
    const kind = kinds.get(key) ?? kinds.size;
    kinds.set(key, kind);
    return kind;
  });
  for (const [index, from] of ends.entries()) {
    const row = rows.get(kindOfEnd[index] ?? -1) ?? [];
    rows.set(kindOfEnd[index] ?? -1, row);
    for (const [place, to] of ends.entries()) {
      if (from === to || (from.isRange && to.isRange)) continue;
      const kind = kindOfEnd[place] ?? -1;
      const change = row[kind] === undefined ? (row[kind] = changeBetween(from, to, worlds)) : row[kind];
      if (change !== null) yield { from: from.name, to: to.name, ...change };
    }
  }
}

type Change = Pick<ChangedPair, 'before' | 'after'>;

function changeBetween(from: End, to: End, { old, next, table }: Omit<Comparison, 'ends' | 'rows'>): Change | null {
  const before = outcomeIn(old, table, from.classes[0], to.classes[0]);
  const after = outcomeIn(next, table, from.classes[1], to.classes[1]);
  if (before === after) return null;
  return { before: table.connectionsOf(before), after: table.connectionsOf(after) };
}

function outcomeIn(reach: Reach, table: OutcomeTable, from: number | undefined, to: number | undefined): number {
  return table.shownOf(from === undefined || to === undefined ? table.nothing : reach.between(from, to));
}

function responsibleFor(pair: ChangedPair, [old, next]: readonly [Engine, Engine]): Responsible | undefined {
  const change = firstChange(pair.before, pair.after);
  if (change === undefined) return undefined;
  const { protocol, port } = change;
  const ask = (engine: Engine): readonly Decider[] =>
    engine.decide({ from: endpointOf(pair.from), to: endpointOf(pair.to), protocol, port }).decidedBy;
  return { protocol, port, before: ask(old), after: ask(next) };
}

/** A range is asked for by its first address: the rest of it is decided alike. */
function endpointOf(name: string): string | { readonly cidr: string } {
  const [first = ''] = name.split('-');
  return name.includes('/') ? name : { cidr: first };
}
