import type { Answer } from '@bartizan/api';
import { expect, test } from 'vitest';
import { decidedBy, endName, portText } from './flow-words.ts';

type Flow = Answer<'flows'>['items'][number];
const end = (change: Partial<Flow['source']> = {}): Flow['source'] => ({
  namespace: null,
  pod: null,
  workload: null,
  labels: [],
  identity: null,
  entity: null,
  ip: null,
  port: null,
  names: [],
  cluster: null,
  ...change,
});

test('an end is called by the best name there is', () => {
  const workload = { kind: 'Deployment', name: 'web', guessed: false };
  expect(endName(end({ namespace: 'shop', workload, pod: 'web-1' }))).toBe('shop/web');
  expect(endName(end({ namespace: 'shop', pod: 'job-1' }))).toBe('shop/job-1');
  expect(endName(end({ entity: 'world', ip: '192.0.2.7', names: ['api.example'] }))).toBe('api.example');
  expect(endName(end({ entity: 'world', ip: '192.0.2.7' }))).toBe('192.0.2.7');
  expect(endName(end({ entity: 'host', ip: '10.0.0.1' }))).toBe('host');
  expect(endName(end())).toBe('not known');
});

const flow = (change: Partial<Flow>): Flow =>
  ({
    verdict: 'FORWARDED',
    protocol: 'TCP',
    icmp: null,
    destination: end(),
    dropReason: null,
    allowedBy: [],
    deniedBy: [],
    l7: null,
    ...change,
  }) as Flow;

test('the port is the destination’s, with its protocol', () => {
  expect(portText(flow({ destination: end({ port: 443 }) }))).toBe('443/TCP');
  expect(portText(flow({}))).toBe('TCP');
  expect(portText(flow({ protocol: 'ICMPv4', icmp: { type: 8, code: 0 } }))).toBe('ICMPv4 8');
});

test('who decided is said as the event says it', () => {
  const policy = { direction: 'ingress', kind: null, namespace: null, name: 'deny-all' } as const;
  expect(decidedBy(flow({ deniedBy: [policy] }))).toEqual({ words: 'Denied by', policies: 'deny-all' });
  expect(decidedBy(flow({ verdict: 'DROPPED', dropReason: 'POLICY_DENIED' })).words).toBe('No rule allows it');
  expect(decidedBy(flow({ verdict: 'DROPPED' })).words).toBe('no reason given');
});
