import type { FlowMetrics, FlowMetricsAnswer } from '@bartizan/backends';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPatientMetrics, patienceMs } from './patient-metrics.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hour = 3_600_000;
const answer = { buckets: [] } as unknown as FlowMetricsAnswer;

function query(toMs: number) {
  return { window: { fromMs: toMs - hour, toMs }, namespaces: ['shop'], intervalMs: 60_000 };
}

/** Answers each question when it is told to. */
function slowly() {
  const open: { resolve(given: FlowMetricsAnswer): void; reject(error: Error): void }[] = [];
  const metrics: FlowMetrics = {
    read: () => new Promise((resolve, reject) => void open.push({ resolve, reject })),
    check: () => Promise.reject(new Error('not asked')),
    close: async () => {},
  };
  return { open, patient: createPatientMetrics(metrics, () => new Date()) };
}

test('a page waits only so long, and gets the answer when it asks again, also for the window that has gone on', async () => {
  const { open, patient } = slowly();
  const first = patient.read(query(hour));
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(await first).toEqual({ answer: null, isAwaited: true });
  const second = patient.read(query(hour + 2500));
  open[0]?.resolve(answer);
  expect(await second).toEqual({ answer, isAwaited: false });
  expect(open).toHaveLength(1);
  void patient.read(query(hour + 5000));
  expect(open).toHaveLength(2);
});

test('what came while nobody asked is there for the next one, once', async () => {
  const { open, patient } = slowly();
  void patient.read(query(hour));
  await vi.advanceTimersByTimeAsync(patienceMs);
  open[0]?.resolve(answer);
  await vi.advanceTimersByTimeAsync(1000);
  expect((await patient.read(query(hour))).answer).toBe(answer);
  void patient.read(query(hour));
  expect(open).toHaveLength(2);
});

test('until the next answer came, the one before is shown', async () => {
  const { open, patient } = slowly();
  void patient.read(query(hour));
  open[0]?.resolve(answer);
  await vi.advanceTimersByTimeAsync(patienceMs);
  const again = patient.read(query(hour + 10_000));
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(await again).toEqual({ answer, isAwaited: true });
  const other = patient.read(query(5 * hour));
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(await other).toEqual({ answer: null, isAwaited: true });
});

test('a failure that came late is told too', async () => {
  const { open, patient } = slowly();
  void patient.read(query(hour));
  await vi.advanceTimersByTimeAsync(patienceMs);
  open[0]?.reject(new Error('no answer within 20 s'));
  await vi.advanceTimersByTimeAsync(1000);
  await expect(patient.read(query(hour))).rejects.toThrow('no answer within 20 s');
});

test('an answer that is long past is not given', async () => {
  const { open, patient } = slowly();
  void patient.read(query(hour));
  await vi.advanceTimersByTimeAsync(patienceMs);
  open[0]?.resolve(answer);
  await vi.advanceTimersByTimeAsync(70_000);
  void patient.read(query(hour));
  expect(open).toHaveLength(2);
});

test('a server that is slow is not asked ever more', async () => {
  const { open, patient } = slowly();
  for (let place = 1; place < 30; place += 1) void patient.read(query(place * hour));
  await vi.advanceTimersByTimeAsync(patienceMs);
  expect(open).toHaveLength(8);
});
