import { expect, test } from 'vitest';
import { createDraftStore } from './draft-store.ts';

const draft = { text: 'a', base: 'b', etag: '"7"', savedAtMs: 5 };

function memory(entries: readonly (readonly [string, string])[] = []) {
  const kept = new Map(entries);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

test('a draft is there again, under its own key alone', () => {
  const storage = memory();
  const store = createDraftStore(() => storage, 'env/shop/web');
  expect(store.write(draft)).toBe(true);
  expect(store.read()).toEqual(draft);
  expect(createDraftStore(() => storage, 'env/shop/other').read()).toBeNull();
  store.clear();
  expect(store.read()).toBeNull();
});

test('what is not a draft is passed over, and a browser that keeps nothing is no failure', () => {
  const broken = memory([
    ['bartizan.draft.a', '{'],
    ['bartizan.draft.b', '{"text": 1}'],
  ]);
  expect(createDraftStore(() => broken, 'a').read()).toBeNull();
  expect(createDraftStore(() => broken, 'b').read()).toBeNull();
  const closed = createDraftStore(() => {
    throw new Error('denied');
  }, 'a');
  expect(closed.write(draft)).toBe(false);
  expect(closed.read()).toBeNull();
  closed.clear();
});
