import type { Policy } from '../model/policy.ts';
import type { EngineOptions, World } from '../model/world.ts';
import { categories, classify } from './classify.ts';
import type { Category } from './classify.ts';
import { createItemList } from './items.ts';
import type { SimulatedItem } from './items.ts';
import { judgeAgain, judgeAll, judgements, questionsOf } from './judge.ts';
import type { Questions } from './judge.ts';
import { outcomes } from './observed.ts';
import type { Observed, Outcome } from './observed.ts';
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
  readonly counts: Readonly<Record<Category, number>>;
  /** Grouped by names and port, most connections first; made when asked for. */
  items(category: Category): readonly SimulatedItem[];
  /** The same connections under the changed policies: costs in proportion to the change. */
  edit(changes: PolicyChanges): Simulation;
}

/** What policies would do to connections that were recorded. */
export function simulate({ observed, after, before, world = {}, options = {} }: SimulationInput): Simulation {
  const { ends } = observed;
  const questions = questionsOf(observed);
  const sorted = sortedOutcomes(observed);
  const first = createStand({ policies: before ?? after, ends, world, options });
  const judged = judgeAll(questions, first);
  const parts = { observed, questions, sorted, was: before && judged };
  if (before === undefined) return simulationOf({ ...parts, stand: first, judged });
  const stand = first.changed(changesBetween(before, after));
  return simulationOf({ ...parts, stand, judged: judgeAgain(questions, stand, { stand: first, judged }) });
}

/** What is the same in both need not be looked at twice. */
function changesBetween(before: readonly Policy[], after: readonly Policy[]): PolicyChanges {
  const old = new Map(before.map((policy) => [policy.ref, JSON.stringify(policy)]));
  const kept = new Set(after.map(({ ref }) => ref));
  const put = after.filter((policy) => old.get(policy.ref) !== JSON.stringify(policy));
  return { policies: { put, remove: [...old.keys()].filter((ref) => !kept.has(ref)) } };
}

interface Parts {
  readonly observed: Observed;
  readonly questions: Questions;
  readonly sorted: SortedOutcomes;
  readonly was: Uint8Array | undefined;
  readonly stand: Stand;
  readonly judged: Uint8Array;
}

function simulationOf(parts: Parts): Simulation {
  const { observed, questions, sorted, stand, judged } = parts;
  const counts = countAll(parts);
  return {
    connections: categories.reduce((sum, category) => sum + counts[category], 0),
    counts,
    items(category) {
      const list = createItemList();
      for (let row = 0; row < sorted.counts.length; row += 1) {
        if (categoryAt(parts, row) !== category) continue;
        const connection = observed.connections[sorted.connection[row] ?? 0];
        const outcome = outcomes[sorted.outcome[row] ?? 0];
        if (connection === undefined || outcome === undefined) continue;
        const tally = connection.outcomes[outcome];
        if (tally === undefined) continue;
        const [from, to] = [observed.ends[connection.from], observed.ends[connection.to]];
        if (from === undefined || to === undefined) continue;
        const { port, protocol } = connection;
        const reason = reasonOf({ category, outcome, connection, from, to, stand });
        list.add({ from: from.name, to: to.name, port, protocol, reason }, tally);
      }
      return list.list();
    },
    edit(changes) {
      const next = stand.changed(changes);
      return simulationOf({ ...parts, stand: next, judged: judgeAgain(questions, next, { stand, judged }) });
    },
  };
}

/** A row for each outcome of each connection. */
interface SortedOutcomes {
  readonly connection: Int32Array;
  readonly outcome: Uint8Array;
  readonly counts: Float64Array;
}

function sortedOutcomes({ connections }: Observed): SortedOutcomes {
  let length = 0;
  for (const { outcomes: seen } of connections) {
    for (const outcome of outcomes) if (seen[outcome] !== undefined) length += 1;
  }
  const sorted = {
    connection: new Int32Array(length),
    outcome: new Uint8Array(length),
    counts: new Float64Array(length),
  };
  let row = 0;
  for (let place = 0; place < connections.length; place += 1) {
    for (let kind = 0; kind < outcomes.length; kind += 1) {
      const tally = connections[place]?.outcomes[outcomes[kind] ?? 'unknown'];
      if (tally === undefined) continue;
      sorted.connection[row] = place;
      sorted.outcome[row] = kind;
      sorted.counts[row] = tally.count;
      row += 1;
    }
  }
  return sorted;
}

/** By reported outcome, judgement after and judgement before (absent last): the place of the category. */
const classified = Uint8Array.from(
  outcomes.flatMap((outcome: Outcome) =>
    judgements.flatMap((after) =>
      [...judgements, undefined].map((before) => categories.indexOf(classify(outcome, after, before))),
    ),
  ),
);

const afters = judgements.length;
const befores = judgements.length + 1;

function placeOfCategory({ sorted, was, judged }: Parts, row: number): number {
  const connection = sorted.connection[row] ?? 0;
  const before = was === undefined ? afters : (was[connection] ?? 0);
  return classified[cellOf(sorted.outcome[row] ?? 0, judged[connection] ?? 0, before)] ?? 0;
}

function cellOf(outcome: number, after: number, before: number): number {
  return (outcome * afters + after) * befores + before;
}

function categoryAt(parts: Parts, row: number): Category | undefined {
  return categories[placeOfCategory(parts, row)];
}

/** First by what decides the category, of which there are few combinations: this runs over every row at each edit. */
function countAll({ sorted, was, judged }: Parts): Record<Category, number> {
  const cells = new Float64Array(classified.length);
  const { connection, outcome, counts } = sorted;
  for (let row = 0; row < counts.length; row += 1) {
    const place = connection[row] ?? 0;
    const cell = cellOf(outcome[row] ?? 0, judged[place] ?? 0, was === undefined ? afters : (was[place] ?? 0));
    cells[cell] = (cells[cell] ?? 0) + (counts[row] ?? 0);
  }
  const sums = new Float64Array(categories.length);
  for (const [cell, count] of cells.entries()) {
    const place = classified[cell] ?? 0;
    sums[place] = (sums[place] ?? 0) + count;
  }
  const [newlyDenied = 0, newlyAllowed = 0, unchanged = 0, unknown = 0, audited = 0, disagrees = 0] = sums;
  return { newlyDenied, newlyAllowed, unchanged, unknown, audited, disagrees };
}
