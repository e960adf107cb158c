import { describe, expect, test } from 'vitest';
import { readManifests } from './read-manifests.ts';

function valueOf(written: string): unknown {
  const { manifests, problems } = readManifests(`apiVersion: v1\nkind: A\nspec: ${written}\n`);
  return problems.length > 0 ? `refused: ${problems[0]?.code}` : manifests[0]?.object['spec'];
}

describe('scalars are what kubectl makes of them — READ-11', () => {
  test.each([
    ['true', ['y', 'Y', 'yes', 'on', 'ON', 'True', 'TRUE']],
    ['false', ['n', 'no', 'No', 'off', 'FALSE']],
    ['null', ['', '~', 'null', 'Null', 'NULL', '!!null ""']],
    ['8', ['010', '0o10', '0O10', '08', '8.', '0b1000', '+8', '0x8', '8.0', '!!int 010']],
    ['1000', ['1_000', '1e3', '1E+3', '1__000']],
    ['0', ['-0', '00', '+0', '0_']],
    ['-31', ['-0x1F', '-31']],
    ['0.5', ['.5', '+.5', '5e-1', '0_0.5']],
  ] as const)('%s', (value, spellings) => {
    for (const written of spellings) expect([written, valueOf(written)]).toEqual([written, JSON.parse(value)]);
  });

  test.each([
    '1:30',
    '190:20:30',
    '2001-12-14',
    '0o8',
    '0x',
    'nULL',
    'yEs',
    '.e5',
    '1.2.3',
    '_1',
    '--',
    '=',
    '<<',
    '1e400',
  ])('%s stays text', (written) => expect(valueOf(written)).toBe(written));

  test('quotes, `!!str` and a tag of one’s own make text', () => {
    expect(['"on"', "'010'", '!!str 1', '! 1', '!own 1'].map(valueOf)).toEqual(['on', '010', '1', '1', '1']);
  });

  test('what JSON cannot hold and tags that do not fit are refused', () => {
    expect(['.inf', '-.INF', '.nan', '!!int x', '!!bool 1', '!!binary aGk='].map(valueOf)).toEqual(
      Array.from({ length: 6 }, () => 'refused: bad-scalar'),
    );
  });

  test('keys become text: numbers, booleans and words too', () => {
    expect(valueOf('{1: a, y: b, 010: c, "2": d, 1.5: e}')).toEqual({ 1: 'a', true: 'b', 8: 'c', 2: 'd', '1.5': 'e' });
    expect(['{~: a}', '{[a]: b}'].map(valueOf)).toEqual(['refused: bad-key', 'refused: bad-key']);
  });

  test('merged keys replace what stands before them and yield to what stands behind — READ-14', () => {
    expect(valueOf('\n  base: &b {x: 1, y: 2}\n  one: {x: 0, <<: *b, y: 3}\n  two: {<<: [*b, {x: 9, z: 4}]}')).toEqual({
      base: { x: 1, true: 2 },
      one: { x: 1, true: 3 },
      two: { x: 1, true: 2, z: 4 },
    });
    expect(valueOf('{<<: 1}')).toBe('refused: bad-merge');
  });
});
