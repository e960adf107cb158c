import { expect, test } from 'vitest';
import { createThinker } from './thinker.ts';
import type { Question, Reply } from './thinker.ts';

function threadOf(reply: (question: Question) => Reply) {
  let listener: (event: { readonly data: Reply }) => void = () => undefined;
  const held: Question[] = [];
  return {
    postMessage: (question: Question) => void held.push(question),
    addEventListener: (_: 'message', added: typeof listener) => {
      listener = added;
    },
    terminate: () => undefined,
    answerAll: () => held.toReversed().forEach((question) => listener({ data: reply(question) })),
  };
}

test('each answer goes to its own question, in whatever order they come', async () => {
  const thread = threadOf(({ id, input }) => ({ id, answer: `read ${String(input)}` }));
  const thinker = createThinker(() => thread);
  const both = Promise.all([thinker.ask('read', 'a'), thinker.ask('read', 'b')]);
  thread.answerAll();
  expect(await both).toEqual(['read a', 'read b']);
});

test('a thought that fails is told, not waited for', async () => {
  const thread = threadOf(({ id }) => ({ id, failure: 'a broken invariant' }));
  const asked = createThinker(() => thread).ask('read', '');
  thread.answerAll();
  await expect(asked).rejects.toThrow('a broken invariant');
});
