import type { FlowMetrics, FlowMetricsAnswer, FlowMetricsQuery } from '@bartizan/backends';

export interface PatientMetrics {
  /**
   * `awaited` where nothing came in time: the question goes on, and whoever asks again gets what came of it. Throws what the
   * question threw.
   */
  read(query: FlowMetricsQuery): Promise<FlowMetricsAnswer | 'awaited'>;
}

/** A page waits no longer for one of its sources. */
export const patienceMs = 2000;
/** An answer that came late is kept for whoever asks again; a window up to now has gone on meanwhile. */
const keptMs = 30_000;
/** A server that is slow is not asked more at once. */
const mostOpen = 8;

interface Question {
  readonly query: FlowMetricsQuery;
  readonly answer: Promise<FlowMetricsAnswer>;
  settledMs: number | null;
}

/** Asks a source of metrics on behalf of pages, which do not wait for it. */
export function createPatientMetrics(metrics: FlowMetrics, clock: () => Date): PatientMetrics {
  let questions: readonly Question[] = [];
  const nowMs = (): number => clock().getTime();

  function open(query: FlowMetricsQuery): Question {
    const answer = metrics.read(query, new AbortController().signal);
    const question: Question = { query, answer, settledMs: null };
    const settle = (): void => void (question.settledMs = nowMs());
    answer.then(settle, settle);
    questions = [...questions, question];
    return question;
  }

  return {
    async read(query) {
      questions = questions.filter(({ settledMs }) => settledMs === null || nowMs() - settledMs < keptMs);
      const known = questions.find((question) => isSame(question.query, query));
      if (!known && questions.filter(({ settledMs }) => settledMs === null).length >= mostOpen) return 'awaited';
      const question = known ?? open(query);
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<'awaited'>((resolve) => {
        timer = setTimeout(resolve, patienceMs, 'awaited');
      });
      try {
        return await Promise.race([question.answer, patience]);
      } finally {
        clearTimeout(timer);
        // Told once: the next one asks anew.
        if (question.settledMs !== null) questions = questions.filter((one) => one !== question);
      }
    },
  };
}

/** Of a window that ends now, as it was when a page asked first. */
function isSame(one: FlowMetricsQuery, other: FlowMetricsQuery): boolean {
  const [{ window: a }, { window: b }] = [one, other];
  const isSameWindow = a.fromMs === b.fromMs || a.toMs - a.fromMs === b.toMs - b.fromMs;
  return (
    isSameWindow &&
    Math.abs(a.toMs - b.toMs) <= keptMs + 20_000 &&
    one.intervalMs === other.intervalMs &&
    one.namespaces.join() === other.namespaces.join()
  );
}
