import { applyDifference, differenceOf } from './difference.ts';
import type { Difference } from './difference.ts';
import type { Thoughts } from './thoughts.ts';

/** Both ways go only differences to what went there before: of hundreds of rules, those that changed. */
export interface Question {
  readonly id: number;
  readonly name: keyof Thoughts;
  readonly input: Difference;
}

export type Reply =
  | { readonly id: number; readonly answer: Difference }
  | { readonly id: number; readonly failure: string };

/** Asks the worker; the page never waits for a thought. */
export interface Thinker {
  ask<Name extends keyof Thoughts>(
    name: Name,
    input: Parameters<Thoughts[Name]>[0],
  ): Promise<ReturnType<Thoughts[Name]>>;
  close(): void;
}

/** The part of a Worker that is needed: messages arrive in the order in which they were sent. */
export interface Thread {
  postMessage(question: Question): void;
  addEventListener(type: 'message', listener: (event: { readonly data: Reply }) => void): void;
  terminate(): void;
}

/** Starts the thread with the first question, and again with the next one after it was closed. */
export function createThinker(start: () => Thread): Thinker {
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let thread: Thread | null = null;
  let last = 0;
  let asked: unknown;
  let heard: unknown;
  const started = (): Thread => {
    if (thread) return thread;
    thread = start();
    [asked, heard] = [undefined, undefined];
    thread.addEventListener('message', ({ data }) => {
      const one = waiting.get(data.id);
      waiting.delete(data.id);
      if ('failure' in data) {
        one?.reject(new Error(data.failure));
        return;
      }
      heard = applyDifference(heard, data.answer);
      one?.resolve(heard);
    });
    return thread;
  };
  return {
    ask(name, input) {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        // The reply to a question has the type of its name: the worker calls that very function.
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
        const open = started();
        open.postMessage({ id, name, input: differenceOf(asked, input) });
        asked = input;
      });
    },
    close() {
      thread?.terminate();
      thread = null;
      waiting.clear();
    },
  };
}

export function startThread(): Thread {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}
