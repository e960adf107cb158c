import type { FlowBatch } from '@bartizan/backends';
import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import { createFlowBatcher } from './flow-batch.ts';

const flow = { id: '1', time: '2026-06-15T12:00:00Z' } as FlowRecord;

/** A store that writes when it is told to. */
function slowStore() {
  const batches: FlowBatch[] = [];
  const waiting: (() => void)[] = [];
  const store = {
    append: (batch: FlowBatch) =>
      new Promise<void>((resolve) => {
        batches.push(batch);
        waiting.push(resolve);
      }),
    newest: async () => null,
    logs: async () => [],
  };
  return { store, batches, letGo: () => waiting.shift()?.() };
}

test('a source is not read on while the store is slower: at most two batches are held', async () => {
  const { store, batches, letGo } = slowStore();
  const batch = createFlowBatcher({ source: 'prod', store, onStored: () => undefined });
  let read = 0;
  const reading = (async () => {
    for (; read < 20_000; read += 1) {
      batch.add(flow);
      await batch.room();
      if (read % 1000 === 0) void batch.writeNow();
    }
    await batch.finish();
  })();
  const settled = async (): Promise<number> => {
    for (let before = -1; before !== read;) {
      before = read;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return read;
  };
  expect(await settled()).toBeLessThanOrEqual(8000);
  expect(batches).toHaveLength(1);
  while (batches.reduce((sum, { flows }) => sum + flows.length, 0) < 20_000) {
    const stored = batches.reduce((sum, { flows }) => sum + flows.length, 0);
    letGo();
    expect((await settled()) - stored).toBeLessThanOrEqual(8000);
  }
  letGo();
  await reading;
  expect(batches.flatMap(({ flows }) => flows)).toHaveLength(20_000);
});

test('a batch that could not be stored is an error for whoever waits for it, and nothing is stored behind it', async () => {
  const store = {
    append: () => Promise.reject(new Error('disk full')),
    newest: async () => null,
    logs: async () => [],
  };
  const batch = createFlowBatcher({ source: 'prod', store, onStored: () => undefined });
  batch.add(flow);
  await expect(batch.writeNow()).rejects.toThrow('disk full');
  batch.add(flow);
  await expect(batch.finish()).rejects.toThrow('disk full');
});
