import type { Environment, SourceStatus } from '@bartizan/api';
import { expect, test } from 'vitest';
import { needingAttention, signalFault, stateSign } from './source-signs.ts';

const source = (signal: SourceStatus['signal'], state: SourceStatus['state']): SourceStatus => ({
  signal,
  state,
  kind: 'files',
});
const environment = (...sources: SourceStatus[]): Environment => ({
  id: 'a',
  name: 'A',
  cluster: 'c',
  namespaces: [],
  sources,
});

test('a signal is at fault only where none of its sources is fine', () => {
  expect(signalFault([environment(source('flows', 'unreachable'), source('flows', 'ok'))], 'flows')).toBeNull();
  expect(signalFault([environment(source('waf', 'missing'))], 'waf')).toMatchObject({ state: 'missing' });
  expect(signalFault([environment()], 'waf')).toBeNull();
});

test('every source that is not fine needs attention', () => {
  expect(needingAttention([environment(source('waf', 'ok'), source('flows', 'forbidden'))])).toHaveLength(1);
});

test('a state is never a colour alone', () =>
  expect(stateSign('missing')).toMatchObject({ label: 'Not set up', icon: 'dashed' }));
