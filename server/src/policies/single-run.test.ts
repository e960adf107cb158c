import { expect, test } from 'vitest';
import { createSingleRuns } from './single-run.ts';

function work() {
  const runs: { readonly stop: AbortSignal; readonly finish: (value: number) => void }[] = [];
  return {
    runs,
    run: (stop: AbortSignal) => new Promise<number>((finish) => void runs.push({ stop, finish })),
  };
}

test('those who wait for the same are answered by one run', async () => {
  const runOnce = createSingleRuns<number>();
  const { runs, run } = work();
  const { signal } = new AbortController();
  const both = [runOnce('a', signal, run), runOnce('a', signal, run)];
  runs[0]?.finish(7);
  expect(await Promise.all(both)).toEqual([7, 7]);
  expect(runs).toHaveLength(1);
  void runOnce('a', signal, run);
  expect(runs).toHaveLength(2);
});

test('one that leaves stops nothing while another waits; the last one stops it', async () => {
  const runOnce = createSingleRuns<number>();
  const { runs, run } = work();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = runOnce('a', first.signal, run);
  const stayed = runOnce('a', second.signal, run);
  first.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  expect(runs[0]?.stop.aborted).toBe(false);
  second.abort(new Error('gone too'));
  await expect(stayed).rejects.toThrow('gone too');
  expect(runs[0]?.stop.aborted).toBe(true);
});

test('after it was stopped, the next one starts anew', async () => {
  const runOnce = createSingleRuns<number>();
  const { runs, run } = work();
  const first = new AbortController();
  const left = runOnce('a', first.signal, run);
  first.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  const again = runOnce('a', new AbortController().signal, run);
  runs[1]?.finish(3);
  expect(await again).toBe(3);
});
