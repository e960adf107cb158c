import { expect, test } from 'vitest';
import { dropReasons, dropReasonWords } from './drop-reasons.ts';
import { DropReason } from './gen/flow/flow_pb.js';

test('every drop reason that Hubble can give is explained, and no other', () => {
  const given = Object.keys(DropReason).filter((name) => Number.isNaN(Number(name)) && name !== 'DROP_REASON_UNKNOWN');
  expect([...dropReasons].toSorted()).toEqual(given.toSorted());
});

test('the texts of older releases mean the same as the names of now', () => {
  expect(dropReasonWords('Policy denied')).toEqual(dropReasonWords('POLICY_DENIED'));
  expect(dropReasonWords('Policy denied by denylist')?.title).toBe('A deny rule matched');
  expect(dropReasonWords('CT: Map insertion failed')?.title).toBe('Connection table full');
  expect(dropReasonWords('No tunnel/encapsulation endpoint (datapath BUG!)')?.title).toBe('No tunnel to the node');
  expect(dropReasonWords('constructor')).toBeUndefined();
});

test('only rules of policies, and the authentication that they ask for, are told apart from the network', () => {
  const by = (kind: string) => dropReasons.filter((name) => dropReasonWords(name)?.by === kind);
  expect(by('policy')).toEqual(['POLICY_DENIED', 'POLICY_DENY']);
  expect(by('authentication')).toEqual(['AUTH_REQUIRED']);
});
