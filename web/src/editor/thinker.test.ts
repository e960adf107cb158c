import { expect, test } from 'vitest';
import { createAnswerer } from './answerer.ts';
import { createThinker } from './thinker.ts';
import type { Question, Reply } from './thinker.ts';
import { createThoughts } from './thoughts.ts';
import type { Thoughts } from './thoughts.ts';

const thoughts = createThoughts();

/** A worker that is answered by hand; what goes to and fro is copied, as between threads. */
function threadOf(known: Thoughts = thoughts) {
  const answerTo = createAnswerer(known);
  let listener: (event: { readonly data: Reply }) => void = () => undefined;
  const held: Question[] = [];
  const replies: Reply[] = [];
  return {
    replies,
    postMessage: (question: Question) => void held.push(structuredClone(question)),
    addEventListener: (_: 'message', added: typeof listener) => {
      listener = added;
    },
    terminate: () => undefined,
    answerAll() {
      for (const question of held.splice(0)) {
        const reply = structuredClone(answerTo(question));
        replies.push(reply);
        listener({ data: reply });
      }
    },
  };
}

const policy = (rules: readonly string[]) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {}
  ingress:
${rules.map((entity) => `  - fromEntities: [${entity}]\n`).join('')}`;

test('each answer goes to its own question, and is what the thought itself says', async () => {
  const thread = threadOf();
  const thinker = createThinker(() => thread);
  const texts = [policy(['host']), policy(['host', 'cluster']), 'a: [', policy(['cluster']), policy([])];
  const asked = Promise.all(texts.map((text) => thinker.ask('read', text)));
  thread.answerAll();
  expect(await asked).toEqual(texts.map(thoughts.read));
});

test('a rule that did not change is the same object in the next answer, and is not sent again', async () => {
  const thread = threadOf();
  const thinker = createThinker(() => thread);
  const rules = Array.from({ length: 200 }, () => 'host');
  const both = Promise.all([
    thinker.ask('read', policy(rules)),
    thinker.ask('read', policy(rules.with(100, 'cluster'))),
  ]);
  thread.answerAll();
  const [first, second] = (await both).map(({ rules: read }) => (read.ok ? read.rules.rules : []));
  expect(second?.filter((rule, at) => rule === first?.[at])).toHaveLength(199);
  const sizes = thread.replies.map((reply) => JSON.stringify(reply).length);
  expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) / 3);
});

test('a thought that fails is told, not waited for, and the next one is whole', async () => {
  const thread = threadOf({
    ...thoughts,
    format: () => {
      throw new Error('a broken invariant');
    },
  });
  const thinker = createThinker(() => thread);
  const before = thinker.ask('read', policy(['host']));
  const failed = thinker.ask('format', '');
  const after = thinker.ask('read', policy(['world']));
  thread.answerAll();
  await expect(failed).rejects.toThrow('a broken invariant');
  expect(await Promise.all([before, after])).toEqual([policy(['host']), policy(['world'])].map(thoughts.read));
});
