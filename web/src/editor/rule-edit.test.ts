import type { PolicyRule } from '@bartizan/policy';
import { expect, test } from 'vitest';
import {
  changeAction,
  changeDirection,
  changePortMode,
  changeType,
  emptyPeer,
  newRule,
  peerParts,
  peerTypes,
  portMode,
} from './rule-edit.ts';
import { ruleFault } from './rule-fault.ts';

const rule: PolicyRule = {
  direction: 'egress',
  action: 'allow',
  peers: [{ type: 'dns', name: 'a.example' }],
  ports: [{ port: '443', protocol: 'TCP' }],
  http: [{ method: 'GET' }],
};
const part = (of: PolicyRule) => {
  const [first] = peerParts(of.peers);
  if (!first) throw new Error('there is always one');
  return first;
};

test.each(['pods', 'entity', 'cidr', 'any'] as const)(
  'choosing %s keeps direction, ports and requests, and asks for the value anew',
  (type) => {
    expect(changeType(rule, part(rule), type, 'CiliumNetworkPolicy')).toEqual({ ...rule, peers: emptyPeer(type) });
  },
);

test('in a NetworkPolicy the other peers of the rule stay', () => {
  const mixed: PolicyRule = {
    ...newRule('ingress'),
    peers: [
      { type: 'pods', pods: {} },
      { type: 'cidr', cidr: '10.0.0.0/8' },
    ],
  };
  const [first] = peerParts(mixed.peers);
  if (!first) throw new Error('there are two');
  expect(changeType(mixed, first, 'cidr', 'NetworkPolicy').peers).toEqual([
    { type: 'cidr', cidr: '' },
    { type: 'cidr', cidr: '10.0.0.0/8' },
  ]);
});

test('names go where Cilium cannot take them: never an inbound or denying rule that silently loses its peer', () => {
  expect(changeDirection(rule, 'ingress').peers).toEqual([{ type: 'pods', pods: {} }]);
  expect(changeAction(rule, 'deny')).toEqual({
    direction: 'egress',
    action: 'deny',
    peers: [{ type: 'pods', pods: {} }],
    ports: rule.ports,
  });
  expect(peerTypes('CiliumNetworkPolicy', newRule('ingress'))).not.toContain('dns');
  expect(peerTypes('NetworkPolicy', newRule('egress'))).toEqual(['pods', 'cidr', 'any']);
});

test('any port, ports and ICMP exclude each other', () => {
  expect(portMode(rule)).toBe('ports');
  expect(portMode(changePortMode(rule, 'any'))).toBe('any');
  expect(changePortMode(rule, 'icmp')).toEqual({
    direction: 'egress',
    action: 'allow',
    peers: rule.peers,
    ports: [],
    icmp: [],
  });
});

test.each([
  [{ ...rule, peers: emptyPeer('entity') }, 'Choose an entity'],
  [{ ...rule, peers: emptyPeer('cidr') }, 'Write an address range, for example 10.0.0.0/8'],
  [{ ...rule, peers: emptyPeer('dns') }, 'Write a name, for example api.example.org'],
  [changePortMode(rule, 'ports'), 'Name a port, for example 80/TCP'],
  [changePortMode(rule, 'icmp'), 'Name an ICMP type, for example EchoRequest'],
  [{ ...rule, http: [] }, 'Name a request, for example GET /api/.*'],
])('an incomplete rule says what is missing', (incomplete, fault) => {
  expect(ruleFault(incomplete, 'CiliumNetworkPolicy')).toBe(fault);
});

test('a rule that would allow nothing, though it looks like anyone, is told', () => {
  const anyone: PolicyRule = { ...newRule('ingress'), peers: [{ type: 'any' }] };
  expect(ruleFault(anyone, 'CiliumNetworkPolicy')).toContain('allows nothing');
  expect(ruleFault(anyone, 'NetworkPolicy')).toBeNull();
  expect(ruleFault(newRule('ingress'), 'CiliumNetworkPolicy')).toBeNull();
});
