import { expect, test } from 'vitest';
import { createStore } from '../kubernetes/store.ts';
import { createRandom } from '../seeded.ts';
import { buildWorld } from '../world/world.ts';
import type { ObservedEvent } from '../events/flow-event.ts';
import type { Attempt } from './attempt.ts';
import { createNetworkTraffic } from './attempts.ts';
import { readEnds } from './ends.ts';
import type { Judge, SideJudgement } from './judge.ts';
import { createJudge } from './judge.ts';
import { createSimulation } from './simulation.ts';

const now = new Date('2026-11-26T12:00:00Z');
const minute = 60_000;

function worldOf(seed: number): { ends: ReturnType<typeof readEnds>; judge: Judge } {
  const store = createStore({ firstVersion: 1, keep: 10 });
  buildWorld({ store, random: createRandom(seed), now, edits: [] });
  return { ends: readEnds(store), judge: createJudge(store) };
}

function hourOf(seed: number): readonly ObservedEvent[] {
  const world = worldOf(seed);
  const random = createRandom(seed);
  const from = now.getTime() - 60 * minute;
  const traffic = createNetworkTraffic({ random, startMinute: now.getTime() / minute });
  return createSimulation({ traffic, random, from, momentAt: () => world }).runUntil(now.getTime());
}

const none: SideJudgement = { verdict: 'none', because: 'other', policies: [], matchType: 0, proxy: 'absent' };
const denied: SideJudgement = { ...none, verdict: 'denied', because: 'default-deny' };

/** One attempt at 0, refused until some time. */
function storyOf(refusedUntil: number): number[][] {
  const { ends } = worldOf(1);
  const [from] = ends.ofWorkload('shop-prod/web');
  const [to] = ends.ofWorkload('shop-prod/cart');
  if (!from || !to) throw new Error('the world has a shop');
  const attempt: Attempt = { time: 0, from, to, protocol: 'TCP', port: 8080, sourcePort: 40_000, retries: 0 };
  const simulation = createSimulation({
    traffic: { ofMinute: (each) => (each === 0 ? [attempt] : []) },
    random: createRandom(1),
    from: 0,
    momentAt: (time) => ({ ends, judge: () => ({ egress: time < refusedUntil ? denied : none, ingress: none }) }),
  });
  const events = simulation.runUntil(30_000).filter(({ kind }) => kind !== 'lost');
  const drops = events.filter(({ kind }) => kind === 'drop').map(({ time }) => Math.floor(time / 1000));
  const arrived = events.filter(
    (event) => event.kind === 'trace' && event.flags === 'SYN' && event.point === 'to-endpoint',
  );
  return [drops, arrived.map(({ time }) => Math.floor(time / 1000))];
}

test('a refused client tries again after one, two and four seconds, then gives up', () => {
  expect(storyOf(Infinity)).toEqual([[0, 1, 3, 7], []]);
});

test('each try is judged when it is made: once the policies allow it, it arrives', () => {
  expect(storyOf(2000)).toEqual([[0, 1], [3]]);
});

test('the same seed makes the same events, in order of time', () => {
  const hour = hourOf(3);
  expect(hour.length).toBeGreaterThan(2000);
  expect(JSON.stringify(hour)).toBe(JSON.stringify(hourOf(3)));
  expect(JSON.stringify(hour)).not.toBe(JSON.stringify(hourOf(4)));
  const times = hour.map(({ time }) => time);
  expect(times).toEqual(times.toSorted((left, right) => left - right));
});

test('every dropped verdict has its drop, and every drop its verdict', () => {
  const hour = hourOf(3);
  const keys = (kind: string): string[] =>
    hour.flatMap((event) =>
      event.kind === kind && 'verdict' in event && event.verdict === 'DROPPED'
        ? [`${event.source.id} ${event.sourcePort} ${event.destination.id} ${Math.floor(event.time)}`]
        : [],
    );
  expect(keys('drop').length).toBeGreaterThan(50);
  expect(keys('policy-verdict')).toHaveLength(keys('drop').length);
});
