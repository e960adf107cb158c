import type { DeletedPolicy, Policy } from '@bartizan/api';
import { expect, test } from 'vitest';
import { firstSeen, policyChanges } from './changes.ts';

test('only what the window before did not have is new', () => {
  expect(firstSeen([{ value: 'a' }, { value: 'b' }], [{ value: 'a' }])).toEqual([{ value: 'b' }]);
  expect(firstSeen([{ value: 'a' }], undefined)).toBeUndefined();
});

test('edits and deletions inside the window are listed, newest first', () => {
  const policy = (name: string, at: string) => ({ name, modified: { at, by: 'kubectl' } }) as Policy;
  const policies = [
    policy('old', '2026-01-01T00:00:00Z'),
    policy('a', '2026-01-03T00:00:00Z'),
    policy('b', '2026-01-03T01:00:00Z'),
  ];
  const window = { fromMs: Date.UTC(2026, 0, 2), toMs: Date.UTC(2026, 0, 4) };
  const gone = { name: 'gone', at: '2026-01-03T00:30:00Z', action: 'delete', by: 'mara' } as DeletedPolicy;
  const deleted = [gone, { ...gone, name: 'long-gone', at: '2026-01-01T00:30:00Z' }];
  const changes = policyChanges({ policies: [...policies, { name: 'c', modified: null } as Policy], deleted }, window);
  expect(changes.map(({ policy: { name }, what }) => `${name} ${what}`)).toEqual([
    'b changed',
    'gone deleted',
    'a changed',
  ]);
});
