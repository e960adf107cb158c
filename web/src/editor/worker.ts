import { createAnswerer } from './answerer.ts';
import { createThoughts } from './thoughts.ts';
import type { Question } from './thinker.ts';

const answerTo = createAnswerer(createThoughts());

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  postMessage(answerTo(data));
});
