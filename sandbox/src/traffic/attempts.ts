import type { Random } from '../seeded.ts';
import { nodes } from '../world/places.ts';
import type { Attempt } from './attempt.ts';
import { busyness } from './day-curve.ts';
import type { End, Ends } from './ends.ts';
import type { Habit } from './habits.ts';
import { habits } from './habits.ts';

export interface NetworkTraffic {
  /** The attempts of one minute, oldest first; the same minute of the same pods is always the same. */
  ofMinute(minute: number, ends: Ends): readonly Attempt[];
}

/** Addresses that anyone comes from, and those that a cluster-wide policy refuses. */
const worldRanges = ['192.0.2', '198.51.100', '203.0.113'];
const scannerAddresses = ['198.51.100.193', '198.51.100.197', '198.51.100.201'];

/** Keeps a day at some 60,000 events: what a console can read within seconds of its start. */
const scale = 0.3;

export function createNetworkTraffic(options: {
  readonly random: Random;
  readonly startMinute: number;
}): NetworkTraffic {
  const root = options.random.fork('network');
  return {
    ofMinute(minute, ends) {
      const random = root.fork(`${minute}`);
      const busy = busyness(minute - options.startMinute);
      const attempts: Attempt[] = [];
      for (const habit of habits) {
        const count = Math.floor(habit.perMinute * scale * busy + random.next());
        for (let index = 0; index < count; index += 1) {
          attempts.push(...attemptsOf(habit, { ends, random, time: minute * 60_000 + random.next() * 60_000 }));
        }
      }
      return attempts.toSorted((left, right) => left.time - right.time);
    },
  };
}

function attemptsOf(
  habit: Habit,
  { ends, random, time }: { readonly ends: Ends; readonly random: Random; readonly time: number },
): Attempt[] {
  const to = targetOf(habit, ends, random);
  const from = to && sourceOf(habit, to, { ends, random });
  if (!from || !to || from.id === to.id) return [];
  const http = habit.http ? random.pick(habit.http) : undefined;
  const sourcePort = 32_768 + random.below(28_000);
  const main: Attempt = {
    time,
    from,
    to,
    protocol: 'TCP',
    port: habit.port,
    sourcePort,
    retries: 0,
    ...(http ? { http } : {}),
  };
  const name = to.names[0];
  const resolvers = ends.ofWorkload('kube-system/coredns');
  if (name === undefined || resolvers.length === 0 || random.next() >= (habit.looksUp ?? 0)) return [main];
  const lookup: Attempt = {
    time: time - 3 - random.next() * 4,
    from,
    to: random.pick(resolvers),
    protocol: 'UDP',
    port: 53,
    sourcePort: 32_768 + random.below(28_000),
    dns: name,
    retries: 0,
  };
  return [lookup, main];
}

function targetOf(habit: Habit, ends: Ends, random: Random): End | undefined {
  if (!habit.to.includes('/')) return ends.outside(habit.to);
  const pods = ends.ofWorkload(habit.to);
  return pods.length === 0 ? undefined : random.pick(pods);
}

function sourceOf(
  habit: Habit,
  to: End,
  { ends, random }: { readonly ends: Ends; readonly random: Random },
): End | undefined {
  if (habit.from === 'host') return ends.host(to.node || (nodes[0]?.name ?? ''));
  if (habit.from === 'world') return ends.outside(`${random.pick(worldRanges)}.${1 + random.below(60)}`);
  if (habit.from === 'scanner') return ends.outside(random.pick(scannerAddresses));
  const pods = ends.ofWorkload(habit.from);
  return pods.length === 0 ? undefined : random.pick(pods);
}
