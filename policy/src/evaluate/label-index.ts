import type { Requirement } from '../model/selector.ts';
import { andNotInto, firstBits, orInto, setBit } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import type { Labels } from './labels.ts';

interface ValueIndex {
  exists: Bitset;
  readonly values: Map<string, Bitset>;
}

/** Which identities carry a label: by key, source and value. Grows by one identity at a time. */
export interface LabelIndex {
  readonly words: number;
  readonly count: number;
  add(labels: Labels): void;
  /** The identities that satisfy a requirement. The caller may change the result. */
  select(requirement: Requirement): Bitset;
  /** The identities with a label of this key, whatever its source. */
  withKey(key: string): Bitset;
}

export function createLabelIndex(): LabelIndex {
  const keys = new Map<string, Map<string, ValueIndex>>();
  let words = 4;
  let count = 0;

  const grow = (): void => {
    words *= 2;
    const enlarge = (bits: Bitset): Bitset => {
      const larger = new Uint32Array(words);
      larger.set(bits);
      return larger;
    };
    for (const sources of keys.values()) {
      for (const index of sources.values()) {
        index.exists = enlarge(index.exists);
        for (const [value, bits] of index.values) index.values.set(value, enlarge(bits));
      }
    }
  };

  const indexOf = (key: string, source: string): ValueIndex => {
    const sources = keys.get(key) ?? new Map<string, ValueIndex>();
    keys.set(key, sources);
    const index = sources.get(source) ?? { exists: new Uint32Array(words), values: new Map() };
    sources.set(source, index);
    return index;
  };

  const indexesOf = (key: string, source: string): ValueIndex[] => {
    const sources = keys.get(key);
    if (!sources) return [];
    if (source === 'any') return [...sources.values()];
    const index = sources.get(source);
    return index ? [index] : [];
  };

  const withAny = (found: readonly (Bitset | undefined)[]): Bitset => {
    const bits = new Uint32Array(words);
    for (const each of found) if (each) orInto(bits, each);
    return bits;
  };

  return {
    get words() {
      return words;
    },
    get count() {
      return count;
    },
    add(labels) {
      if (count === words * 32) grow();
      for (const [key, { source, value }] of labels) {
        const index = indexOf(key, source);
        setBit(index.exists, count);
        const bits = index.values.get(value) ?? new Uint32Array(words);
        setBit(bits, count);
        index.values.set(value, bits);
      }
      count += 1;
    },
    select({ source, key, operator, values }) {
      const found = indexesOf(key, source);
      const byValue = operator === 'In' || operator === 'NotIn';
      const positive = withAny(
        found.flatMap((index) => (byValue ? values.map((value) => index.values.get(value)) : [index.exists])),
      );
      if (operator === 'In' || operator === 'Exists') return positive;
      const negative = firstBits(words, count);
      andNotInto(negative, positive);
      return negative;
    },
    withKey(key) {
      return withAny(indexesOf(key, 'any').map(({ exists }) => exists));
    },
  };
}
