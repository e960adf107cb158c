import { create } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from 'vitest';
import type { ObservedEvent } from '../events/flow-event.ts';
import type { Recorded } from './rings.ts';
import { createRings } from './rings.ts';
import { selectRecorded } from './selection.ts';

/** Only what rings and selections look at. */
function at(time: number, node = 'w01'): ObservedEvent {
  return { kind: 'lost', time, node, count: 1 };
}

function flowAt(time: number): Recorded {
  return { sequence: time, event: { kind: 'trace', time } as ObservedEvent };
}

const all = [1, 2, 3, 4, 5].map((second) => flowAt(second * 1000));
const ask = { number: 0n, first: false, follow: false, since: undefined, until: undefined };
const second = (number: number): Timestamp => create(TimestampSchema, { seconds: BigInt(number) });

function times(more: object): number[] {
  return selectRecorded(all, { ...ask, ...more }, () => true).map(({ event }) => event.time / 1000);
}

describe('a request for flows', () => {
  test.each([
    ['without bounds gets all', {}, [1, 2, 3, 4, 5]],
    ['with a number gets the last ones', { number: 2n }, [4, 5]],
    ['with a number and first gets the first ones', { number: 2n, first: true }, [1, 2]],
    ['since and until are both inclusive', { since: second(2), until: second(4) }, [2, 3, 4]],
    ['that only follows gets nothing of the past', { follow: true }, []],
    ['that follows since a time gets the past as well', { follow: true, since: second(4) }, [4, 5]],
  ])('%s', (_name, more, expected) => {
    expect(times(more)).toEqual(expected);
  });

  test('counts the events that pass the filter', () => {
    const odd = selectRecorded(all, { ...ask, number: 2n }, ({ time }) => (time / 1000) % 2 === 1);
    expect(odd.map(({ event }) => event.time / 1000)).toEqual([3, 5]);
  });

  test('tells losses where it names a time', () => {
    const lost = { sequence: 9, event: at(3500) };
    expect(selectRecorded([...all, lost], { ...ask, since: second(3) }, () => false)).toEqual([lost]);
  });
});

describe('rings', () => {
  test('keep the newest of each node, and count what they have seen', () => {
    const rings = createRings({ nodes: ['w01', 'w02'], capacity: 4 });
    rings.record([1, 2, 3, 4].map((time) => at(time)));
    rings.record([at(4.5, 'w02'), at(5), at(6), at(7)]);
    expect(rings.all().map(({ event }) => event.time)).toEqual([4, 4.5, 5, 6, 7]);
    expect(rings.counts()).toEqual([
      { name: 'w01', kept: 4, seen: 7 },
      { name: 'w02', kept: 1, seen: 1 },
    ]);
  });
});
