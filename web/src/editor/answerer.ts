import { applyDifference, differenceOf } from './difference.ts';
import type { Question, Reply } from './thinker.ts';
import type { Thoughts } from './thoughts.ts';

/** The worker's end: thinks, and tells how the answer differs from the last one. Questions come in the order they were asked. */
export function createAnswerer(thoughts: Thoughts): (question: Question) => Reply {
  let heard: unknown;
  let told: unknown;
  return ({ id, name, input }) => {
    heard = applyDifference(heard, input);
    try {
      // The client's types tie each name to its input; here they have gone through postMessage.
      const think = thoughts[name] as (given: unknown) => unknown;
      const answer = think(heard);
      const difference = differenceOf(told, answer);
      told = answer;
      return { id, answer: difference };
    } catch (error) {
      return { id, failure: error instanceof Error ? error.message : String(error) };
    }
  };
}
