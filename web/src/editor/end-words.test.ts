import { expect, test } from 'vitest';
import { readEnd } from './end-words.ts';

test.each([
  ['shop/web[Deployment]', { namespace: 'shop', name: 'web', kind: 'Deployment' }],
  ['node-1[Node]', { namespace: '', name: 'node-1', kind: 'Node' }],
  ['203.0.113.200', { namespace: '', name: '203.0.113.200', kind: '' }],
  ['10.0.0.0/8', { namespace: '', name: '10.0.0.0/8', kind: '' }],
])('%s is read in its parts', (end, parts) => {
  expect(readEnd(end)).toEqual(parts);
});
