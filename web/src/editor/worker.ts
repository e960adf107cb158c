import { thoughts } from './thoughts.ts';
import type { Question, Reply } from './thinker.ts';

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  postMessage(answerTo(data));
});

function answerTo({ id, name, input }: Question): Reply {
  try {
    // The client's types tie each name to its input; here they have gone through postMessage.
    const think = thoughts[name] as (given: unknown) => unknown;
    return { id, answer: think(input) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}
