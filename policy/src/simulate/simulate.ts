import type { Policy } from '../model/policy.ts';
import type { EngineOptions, World } from '../model/world.ts';
import { categories, classify } from './classify.ts';
import type { Category } from './classify.ts';
import { createGroups } from './groups.ts';
import type { Groups } from './groups.ts';
import { groupRows, itemOf } from './items.ts';
import type { RowGroup, SimulatedItem } from './items.ts';
import { judgeAgain, judgeAll, judgements, questionsOf } from './judge.ts';
import type { Questions } from './judge.ts';
import { columnsOf, outcomes } from './observed.ts';
import type { ConnectionColumns, Observed, ObservedEnd, Outcome } from './observed.ts';
import { reasonOf } from './reason.ts';
import { createStand } from './stand.ts';
import type { PolicyChanges, Stand } from './stand.ts';

export interface SimulationInput {
  readonly observed: Observed;
  readonly after: readonly Policy[];
  /** Absent: what was reported is what was. */
  readonly before?: readonly Policy[] | undefined;
  /** Services and CIDR groups that the policies speak of; the endpoints are those of the connections. */
  readonly world?: Omit<World, 'endpoints'> | undefined;
  readonly options?: EngineOptions | undefined;
}

export interface Simulation {
  /** All connections that were recorded: the sum of the categories. */
  readonly connections: number;
  /** Of how many rows: what it takes in memory grows with them. */
  readonly rows: number;
  readonly counts: Readonly<Record<Category, number>>;
  /** Grouped by names and port, most connections first, no more than `most` of them; made when asked for. */
  items(category: Category, most?: number): readonly SimulatedItem[];
  /** The rows that these items are made of, for whoever has to fetch when they were seen. */
  rowsOf(category: Category, most?: number): readonly number[];
  /** The same connections under the changed policies: costs in proportion to the change. */
  edit(changes: PolicyChanges): Simulation;
}

/** What policies would do to connections that were recorded. */
export function simulate({ observed, after, before, world = {}, options = {} }: SimulationInput): Simulation {
  const { ends } = observed;
  const columns = columnsOf(observed);
  const questions = questionsOf(ends, columns);
  const stand = createStand({ policies: before ?? after, ends, world, options });
  const judged = judgeAll(questions, stand);
  const fixed = { ends, columns, questions, groups: createGroups(ends, columns), was: before && judged };
  const classes = classesOf({ ...fixed, judged });
  const first = simulationOf({
    ...fixed,
    ...classes,
    firstRows: firstRowsOf(columns),
    stand,
    judged,
    listed: new Map(),
  });
  return before === undefined ? first : first.edit(changesBetween(before, after));
}

/** What is the same in both need not be looked at twice. */
function changesBetween(before: readonly Policy[], after: readonly Policy[]): PolicyChanges {
  if (before === after) return {};
  const old = new Map(before.map((policy) => [policy.ref, JSON.stringify(policy)]));
  const kept = new Set(after.map(({ ref }) => ref));
  const put = after.filter((policy) => old.get(policy.ref) !== JSON.stringify(policy));
  return { policies: { put, remove: [...old.keys()].filter((ref) => !kept.has(ref)) } };
}

interface Parts {
  readonly ends: readonly ObservedEnd[];
  readonly columns: ConnectionColumns;
  readonly questions: Questions;
  readonly groups: Groups;
  /** By connection, the first of its rows; at the end how many there are. */
  readonly firstRows: Int32Array;
  readonly was: Uint8Array | undefined;
  readonly stand: Stand;
  readonly judged: Uint8Array;
  /** By row, its place in `categories`. */
  readonly placed: Uint8Array;
  /** By place in `categories`: how many connections. */
  readonly sums: Float64Array;
  /** By place in `categories`: how many rows. */
  readonly held: Int32Array;
  /** What was asked for already. */
  readonly listed: Map<string, readonly RowGroup[]>;
}

function simulationOf(parts: Parts): Simulation {
  const { questions, columns, firstRows, stand, judged, sums, held, placed, was } = parts;
  const [newlyDenied = 0, newlyAllowed = 0, unchanged = 0, unknown = 0, audited = 0, disagrees = 0] = sums;
  const list = (category: Category, most = Number.POSITIVE_INFINITY): readonly RowGroup[] => {
    const key = `${category} ${most}`;
    const known = parts.listed.get(key) ?? listRows(parts, category, most);
    parts.listed.set(key, known);
    return known;
  };
  return {
    connections: sums.reduce((sum, count) => sum + count, 0),
    rows: columns.connection.length,
    counts: { newlyDenied, newlyAllowed, unchanged, unknown, audited, disagrees },
    items: (category, most) => list(category, most).map((group) => itemOf(group, parts)),
    rowsOf: (category, most) => list(category, most).flatMap(({ rows }) => rows),
    edit(changes) {
      const next = stand.changed(changes);
      const nextSums = sums.slice();
      const nextPlaced = placed.slice();
      const nextHeld = held.slice();
      const touched = new Uint8Array(categories.length);
      const move = (connection: number, after: number): void => {
        const end = firstRows[connection + 1] ?? 0;
        const before = was === undefined ? afters : (was[connection] ?? 0);
        for (let row = firstRows[connection] ?? end; row < end; row += 1) {
          const from = placed[row] ?? 0;
          const to = classified[cellOf(columns.outcome[row] ?? 0, after, before)] ?? 0;
          // What stays unknown may be so for another reason.
          if (from === to && from !== unknownPlace) continue;
          const count = columns.count[row] ?? 0;
          nextSums[from] = (nextSums[from] ?? 0) - count;
          nextSums[to] = (nextSums[to] ?? 0) + count;
          nextHeld[from] = (nextHeld[from] ?? 0) - 1;
          nextHeld[to] = (nextHeld[to] ?? 0) + 1;
          nextPlaced[row] = to;
          touched[from] = 1;
          touched[to] = 1;
        }
      };
      const nextJudged = judgeAgain(questions, next, { stand, judged }, move);
      const kept = [...parts.listed].filter(([key]) => touched[placeOfKey(key)] !== 1);
      const classes = { placed: nextPlaced, held: nextHeld, sums: nextSums };
      return simulationOf({ ...parts, ...classes, stand: next, judged: nextJudged, listed: new Map(kept) });
    },
  };
}

function placeOfKey(key: string): number {
  return categories.findIndex((category) => key.startsWith(`${category} `));
}

function listRows(parts: Parts, category: Category, most: number): readonly RowGroup[] {
  const { ends, columns, groups, stand } = parts;
  const place = categories.indexOf(category);
  if (parts.sums[place] === 0) return [];
  const texts: (string | undefined)[] = [];
  const numbers = new Map<string | undefined, number>();
  const ask = (row: number): number => {
    const outcome = outcomes[columns.outcome[row] ?? 0] ?? 'unknown';
    const text = reasonOf({ category, outcome, columns, connection: columns.connection[row] ?? 0, ends, stand });
    const number = numbers.get(text) ?? texts.push(text) - 1;
    numbers.set(text, number);
    return number;
  };
  const ofOutcome: number[] = [];
  const byOutcome = (row: number): number => (ofOutcome[columns.outcome[row] ?? 0] ??= ask(row));
  const numberOf = place === unknownPlace ? ask : byOutcome;
  const reasons = { numberOf, text: (number: number) => texts[number] };
  return groupRows({ columns, groups, rows: rowsIn(parts, place), reasons, most });
}

function rowsIn({ placed, held }: Pick<Parts, 'placed' | 'held'>, place: number): Int32Array {
  const rows = new Int32Array(held[place] ?? 0);
  fillRows(rows, placed, place);
  return rows;
}

function fillRows(rows: Int32Array, placed: Uint8Array, place: number): void {
  let length = 0;
  for (let row = 0; length < rows.length; row += 1) if (placed[row] === place) rows[length++] = row;
}

function firstRowsOf({ from, connection }: ConnectionColumns): Int32Array {
  const first = new Int32Array(from.length + 1);
  for (let row = 0; row < connection.length; row += 1) {
    const next = (connection[row] ?? 0) + 1;
    first[next] = (first[next] ?? 0) + 1;
  }
  for (let place = 1; place < first.length; place += 1) first[place] = (first[place] ?? 0) + (first[place - 1] ?? 0);
  return first;
}

/** By reported outcome, judgement after and judgement before (absent last): the place of the category. */
const classified = Uint8Array.from(
  outcomes.flatMap((outcome: Outcome) =>
    judgements.flatMap((after) =>
      [...judgements, undefined].map((before) => categories.indexOf(classify(outcome, after, before))),
    ),
  ),
);

const unknownPlace = categories.indexOf('unknown');
const afters = judgements.length;
const befores = judgements.length + 1;

function cellOf(outcome: number, after: number, before: number): number {
  return (outcome * afters + after) * befores + before;
}

function classesOf({
  columns,
  was,
  judged,
}: Pick<Parts, 'columns' | 'was' | 'judged'>): Pick<Parts, 'placed' | 'held' | 'sums'> {
  const sums = new Float64Array(categories.length);
  const held = new Int32Array(categories.length);
  const { connection, outcome, count } = columns;
  const placed = new Uint8Array(count.length);
  for (let row = 0; row < count.length; row += 1) {
    const at = connection[row] ?? 0;
    const before = was === undefined ? afters : (was[at] ?? 0);
    const place = classified[cellOf(outcome[row] ?? 0, judged[at] ?? 0, before)] ?? 0;
    placed[row] = place;
    held[place] = (held[place] ?? 0) + 1;
    sums[place] = (sums[place] ?? 0) + (count[row] ?? 0);
  }
  return { placed, held, sums };
}
