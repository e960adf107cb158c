import { describe, expect, test } from 'vitest';
import type { Attempt } from '../traffic/attempt.ts';
import type { End } from '../traffic/ends.ts';
import type { SideJudgement } from '../traffic/judge.ts';
import { eventsOf, isRefused } from './connection.ts';
import type { FlowEvent } from './flow-event.ts';

const none: SideJudgement = { verdict: 'none', because: 'other', policies: [], matchType: 0, proxy: 'absent' };
const allowed: SideJudgement = { ...none, verdict: 'allowed', matchType: 2 };
const denied: SideJudgement = { ...none, verdict: 'denied', because: 'default-deny' };

const web = pod('web', 'w01');
const cart = pod('cart', 'w02');
const neighbour = pod('neighbour', 'w01');
const world = { ...pod('', ''), id: 'world:192.0.2.1', kind: 'world', address: '192.0.2.1' } as const;

function pod(name: string, node: string): End {
  const workload = { name, kind: 'Deployment' };
  return {
    id: name,
    kind: 'pod',
    address: '10.4.1.1',
    identity: 1,
    endpointId: 1,
    namespace: 'shop',
    pod: name,
    workload,
    labels: [],
    node,
    names: [],
  };
}

function attempt(from: End, to: End, more: Partial<Attempt> = {}): Attempt {
  return { time: 1000, from, to, protocol: 'TCP', port: 8080, sourcePort: 40_000, retries: 0, ...more };
}

/** `node kind/point verdict`, with an arrow for replies. */
function told(events: readonly FlowEvent[]): string[] {
  return events.map(
    ({ node, kind, point, verdict, isReply }) => `${isReply ? '<- ' : ''}${node} ${point ?? kind} ${verdict}`,
  );
}

describe('a connection that is allowed', () => {
  test('between nodes is seen at every point of both, verdicts only where someone enforces', () => {
    const events = eventsOf(attempt(web, cart), { egress: none, ingress: allowed });
    expect(told(events)).toEqual([
      'w01 from-endpoint FORWARDED',
      'w01 to-overlay FORWARDED',
      'w02 from-overlay FORWARDED',
      'w02 policy-verdict FORWARDED',
      'w02 to-endpoint FORWARDED',
      '<- w02 to-overlay FORWARDED',
      '<- w01 to-endpoint FORWARDED',
      'w02 to-endpoint FORWARDED',
    ]);
  });

  test('within a node never sees the overlay', () => {
    const events = eventsOf(attempt(web, neighbour), { egress: allowed, ingress: allowed });
    expect(events.map(({ point }) => point)).not.toContain('to-overlay');
    expect(new Set(events.map(({ node }) => node))).toEqual(new Set(['w01']));
  });

  test('to the outside leaves through the stack, and has one verdict', () => {
    const events = eventsOf(attempt(web, world), { egress: allowed, ingress: none });
    expect(told(events)).toEqual([
      'w01 from-endpoint FORWARDED',
      'w01 policy-verdict FORWARDED',
      'w01 to-stack FORWARDED',
      '<- w01 to-endpoint FORWARDED',
      'w01 to-stack FORWARDED',
    ]);
  });

  test('from the outside comes through the network', () => {
    const events = eventsOf(attempt(world, cart), { egress: none, ingress: allowed });
    expect(told(events)).toEqual([
      'w02 from-network FORWARDED',
      'w02 policy-verdict FORWARDED',
      'w02 to-endpoint FORWARDED',
      '<- w02 to-stack FORWARDED',
      'w02 to-endpoint FORWARDED',
    ]);
  });

  test('replies go the other way and say so; what Cilium cannot know is left open', () => {
    const events = eventsOf(attempt(web, cart), { egress: allowed, ingress: allowed });
    const receiving = events.filter(({ point }) => point?.startsWith('from-'));
    expect(receiving.map(({ isReply }) => isReply)).toEqual([undefined, undefined]);
    const others = events.filter((event) => !receiving.includes(event));
    expect(others.filter(({ sourcePort, isReply }) => isReply !== (sourcePort === 8080))).toEqual([]);
  });

  test('events come in order of time', () => {
    const times = eventsOf(attempt(web, cart), { egress: allowed, ingress: allowed }).map(({ time }) => time);
    expect(times).toEqual(times.toSorted((left, right) => left - right));
  });
});

describe('a connection that is denied', () => {
  test('where it starts goes no further than verdict and drop', () => {
    const judgement = { egress: denied, ingress: allowed };
    expect(isRefused(judgement)).toBe(true);
    const events = eventsOf(attempt(web, cart), judgement);
    expect(told(events)).toEqual(['w01 from-endpoint FORWARDED', 'w01 policy-verdict DROPPED', 'w01 drop DROPPED']);
    expect(events.slice(1)).toMatchObject([{ dropReason: 'POLICY_DENIED' }, { dropReason: 'POLICY_DENIED' }]);
  });

  test('where it ends has left its node, and has verdict and drop at the other', () => {
    const events = eventsOf(attempt(web, cart), { egress: allowed, ingress: denied });
    expect(told(events).slice(-3)).toEqual([
      'w02 from-overlay FORWARDED',
      'w02 policy-verdict DROPPED',
      'w02 drop DROPPED',
    ]);
  });

  test('by a rule names the policy in the verdict, by default names none', () => {
    const policies = [{ name: 'no', namespace: 'shop', kind: 'CiliumNetworkPolicy', labels: [], revision: 1 }];
    const byRule = eventsOf(attempt(web, cart), { egress: { ...denied, because: 'deny', policies }, ingress: none });
    expect(byRule[1]).toMatchObject({ dropReason: 'POLICY_DENY', deniedBy: policies });
    const byDefault = eventsOf(attempt(web, cart), { egress: denied, ingress: none });
    expect(byDefault[1]?.deniedBy).toBeUndefined();
  });
});

describe('a connection that a proxy looks into', () => {
  const http = { method: 'GET', path: '/items', status: 200 };

  test('is redirected, and its request and answer are told', () => {
    const judgement = { egress: none, ingress: { ...allowed, proxy: 'lets-pass' } as const };
    const events = eventsOf(attempt(web, cart, { http }), judgement).filter(({ kind }) => kind !== 'trace');
    expect(told(events)).toEqual(['w02 policy-verdict REDIRECTED', 'w02 l7 FORWARDED', '<- w02 l7 FORWARDED']);
    expect(events[2]?.l7).toMatchObject({ type: 'RESPONSE', http: { code: 200, method: 'GET' } });
  });

  test('and that is refused there ends with a dropped request', () => {
    const judgement = { egress: none, ingress: { ...allowed, proxy: 'refuses' } as const };
    expect(isRefused(judgement)).toBe(false);
    const last = eventsOf(attempt(web, cart, { http }), judgement).at(-1);
    expect(last).toMatchObject({ kind: 'l7', verdict: 'DROPPED', l7: { type: 'REQUEST' } });
    expect(last?.dropReason).toBeUndefined();
  });

  test('names are looked up through the proxy', () => {
    const lookup = attempt(web, cart, { protocol: 'UDP', port: 53, dns: 'cdn.alpenshop.example' });
    const judgement = { egress: { ...allowed, proxy: 'lets-pass' } as const, ingress: none };
    const records = eventsOf(lookup, judgement).filter(({ kind }) => kind === 'l7');
    expect(records.map(({ l7 }) => l7)).toMatchObject([
      { dns: { query: 'cdn.alpenshop.example.', ips: [] } },
      { dns: { query: 'cdn.alpenshop.example.', ips: ['198.51.100.80'] } },
    ]);
  });
});
