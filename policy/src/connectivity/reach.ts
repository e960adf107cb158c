import type { AddressRange, Compiled, CompiledSide } from '../evaluate/compiled.ts';
import type { Engine } from '../evaluate/engine.ts';
import type { Identity } from '../evaluate/labels.ts';
import type { Direction } from '../model/policy.ts';
import { groupIdentities } from './identity-groups.ts';
import type { OutcomeTable } from './outcome-table.ts';
import { columnOf, lookOf } from './side-columns.ts';
import type { Workload } from './workloads.ts';

/** What one engine says of any two ends. Ends of one class are the same to it. */
export interface Reach {
  /** The class of a workload; undefined where it is not in this world. */
  classOfWorkload(name: string): number | undefined;
  classOfAddress(identity: Identity): number;
  /** Whether all outcomes with the one class and with the other are the same. */
  isAlike(a: number, b: number): boolean;
  between(from: number, to: number): number;
  /** The address space, cut where this world's policies cut it. */
  readonly ranges: readonly AddressRange[];
  /** Where nothing can be said, and why: nothing is allowed there. */
  readonly undecided: readonly string[];
}

interface Part {
  readonly egress: Int32Array | undefined;
  readonly ingress: Int32Array | undefined;
  readonly group: number;
}

export interface ReachInput {
  readonly engine: Engine;
  readonly workloads: readonly Workload[];
  readonly table: OutcomeTable;
}

/** An identity, and whether its own policies hold where it runs. */
interface Subject {
  readonly identity: Identity;
  readonly isEnforced: boolean;
}

export function createReach({ engine, workloads, table }: ReachInput): Reach {
  const compiled = engine.compiled();
  const subjectsOfWorkload = new Map(
    workloads.map(({ name, endpoints }) => [name, endpoints.flatMap(({ id }) => subjectOf(engine, id))]),
  );
  const { sides, undecided } = sidesOf(compiled, [...subjectsOfWorkload.values()].flat());
  const groups = groupIdentities(compiled.identities.length, sides.values());
  const columns = createColumns(groups.examples, table);
  const nothing = new Int32Array(groups.examples.length).fill(table.nothing);

  const parts = new Map<string, Part>();
  const columnFor = (subject: Subject, direction: Direction): Int32Array | undefined => {
    if (!subject.isEnforced) return undefined;
    const side = sides.get(sideKey(subject.identity, direction));
    return side === undefined ? nothing : columns.of(side);
  };
  const partOf = (subject: Subject): string => {
    const [egress, ingress] = [columnFor(subject, 'egress'), columnFor(subject, 'ingress')];
    const group = groups.groupOf[subject.identity.place] ?? 0;
    const key = `${columns.numberOf(egress)} ${columns.numberOf(ingress)} ${group}`;
    if (!parts.has(key)) parts.set(key, { egress, ingress, group });
    return key;
  };
  const classes = new Map<string, number>();
  const members: (readonly Part[])[] = [];
  const classOf = (subjects: readonly Subject[]): number => {
    const keys = [...new Set(subjects.map(partOf))].toSorted();
    const known = classes.get(keys.join());
    if (known !== undefined) return known;
    classes.set(keys.join(), members.length);
    return members.push(keys.flatMap((key) => parts.get(key) ?? [])) - 1;
  };
  const classOfWorkload = new Map([...subjectsOfWorkload].map(([name, subjects]) => [name, classOf(subjects)]));

  return {
    classOfWorkload: (name) => classOfWorkload.get(name),
    classOfAddress: (identity) => classOf([{ identity, isEnforced: false }]),
    isAlike: (a, b) => a === b || isAlike(members[a] ?? [], members[b] ?? [], columns.all()),
    between(from, to) {
      let outcome = table.nothing;
      for (const source of members[from] ?? []) {
        for (const target of members[to] ?? []) outcome = table.either(outcome, between(source, target, table));
      }
      return outcome;
    },
    ranges: compiled.ranges,
    undecided,
  };
}

/** No column: that side has no enforcement point. */
function between(from: Part, to: Part, table: OutcomeTable): number {
  const out = from.egress?.[to.group] ?? table.everything;
  const into = to.ingress?.[from.group] ?? table.everything;
  return table.both(out, into);
}

function isAlike(a: readonly Part[], b: readonly Part[], columns: readonly Int32Array[]): boolean {
  const [one, other] = [a[0], b[0]];
  if (one === undefined || other === undefined || a.length + b.length > 2) return false;
  if (one.egress !== other.egress || one.ingress !== other.ingress) return false;
  return columns.every((column) => column[one.group] === column[other.group]);
}

function subjectOf({ state }: Engine, id: string): Subject[] {
  const slot = state.slots.get(id);
  return slot === undefined || slot.error !== undefined ? [] : [slot];
}

function sideKey({ place }: Identity, direction: Direction): string {
  return `${direction} ${place}`;
}

interface Sides {
  readonly sides: ReadonlyMap<string, CompiledSide>;
  readonly undecided: readonly string[];
}

function sidesOf(compiled: Compiled, subjects: readonly Subject[]): Sides {
  const sides = new Map<string, CompiledSide>();
  const undecided = new Set<string>();
  for (const { identity, isEnforced } of subjects) {
    if (!isEnforced) continue;
    for (const direction of ['egress', 'ingress'] as const) {
      const key = sideKey(identity, direction);
      if (sides.has(key)) continue;
      const side = compiled.side(identity, direction);
      if (typeof side === 'string') undecided.add(side);
      else sides.set(key, side);
    }
  }
  return { sides, undecided: [...undecided] };
}

function createColumns(
  examples: readonly number[],
  table: OutcomeTable,
): {
  of(side: CompiledSide): Int32Array;
  numberOf(column: Int32Array | undefined): number;
  all(): readonly Int32Array[];
} {
  const byLook = new Map<string, Int32Array>();
  const numbers = new Map<Int32Array | undefined, number>([[undefined, 0]]);
  return {
    of(side) {
      const look = lookOf(side);
      const column = byLook.get(look) ?? columnOf(side, examples, table);
      byLook.set(look, column);
      return column;
    },
    numberOf(column) {
      const number = numbers.get(column) ?? numbers.size;
      numbers.set(column, number);
      return number;
    },
    all: () => [...byLook.values()],
  };
}
