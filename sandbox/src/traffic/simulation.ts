import type { ObservedEvent } from '../events/flow-event.ts';
import { eventsOf, isRefused } from '../events/connection.ts';
import type { Random } from '../seeded.ts';
import { nodes } from '../world/places.ts';
import type { Attempt } from './attempt.ts';
import type { NetworkTraffic } from './attempts.ts';
import type { Ends } from './ends.ts';
import type { Judge } from './judge.ts';

/** The cluster as it is at one time: its pods and what its policies say. */
export interface Moment {
  readonly ends: Ends;
  readonly judge: Judge;
}

export interface Simulation {
  /** Lets time pass and answers what the agents saw meanwhile, in order. */
  runUntil(time: number): readonly ObservedEvent[];
}

const minuteMs = 60_000;
/** When a client that got no answer sends its first packet again. */
const retryAfterMs = [1000, 2000, 4000];
const lossesPerMinute = 1 / 480;

export function createSimulation(options: {
  readonly traffic: NetworkTraffic;
  readonly random: Random;
  readonly from: number;
  readonly momentAt: (time: number) => Moment;
}): Simulation {
  const { traffic, momentAt } = options;
  const random = options.random.fork('losses');
  let pending: Attempt[] = [];
  let held: ObservedEvent[] = [];
  let nextMinute = Math.floor(options.from / minuteMs);

  function loadMinutes(until: number): void {
    for (; nextMinute * minuteMs <= until + 1000; nextMinute += 1) {
      const time = nextMinute * minuteMs;
      pending.push(
        ...traffic.ofMinute(nextMinute, momentAt(time).ends).filter((attempt) => attempt.time >= options.from),
      );
      const chance = random.fork(`${nextMinute}`);
      if (time >= options.from && chance.next() < lossesPerMinute) {
        const node = chance.pick(nodes).name;
        held.push({ kind: 'lost', time: time + chance.next() * minuteMs, node, count: 20 + chance.below(400) });
      }
    }
  }

  /** A refused attempt comes back; the policies may have changed by then. */
  function attempt(each: Attempt): Attempt | undefined {
    const { judge } = momentAt(each.time);
    const judgement = judge(each);
    held.push(...eventsOf(each, judgement));
    const wait = retryAfterMs[each.retries];
    const again = isRefused(judgement) && each.from.kind === 'pod' && wait !== undefined;
    return again ? { ...each, time: each.time + wait, retries: each.retries + 1 } : undefined;
  }

  return {
    runUntil(until) {
      loadMinutes(until);
      for (let due = pending; due.length > 0;) {
        const later = pending.filter(({ time }) => time >= until);
        due = pending.filter(({ time }) => time < until).toSorted((left, right) => left.time - right.time);
        pending = [...later, ...due.flatMap((each) => attempt(each) ?? [])];
      }
      const seen = held.filter(({ time }) => time < until).toSorted((left, right) => left.time - right.time);
      held = held.filter(({ time }) => time >= until);
      return seen;
    },
  };
}
