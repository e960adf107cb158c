import type { FlowMetrics, FlowMetricsAnswer, FlowMetricsQuery } from '@bartizan/backends';

export interface PatientMetrics {
  /** Throws what the question threw. */
  read(query: FlowMetricsQuery): Promise<PatientAnswer>;
}

export interface PatientAnswer {
  /** Of a window that ended up to two minutes before where that is the newest that is known; null where nothing is. */
  readonly answer: FlowMetricsAnswer | null;
  /** Nothing came in time: the question goes on, and whoever asks again gets what came of it. */
  readonly isAwaited: boolean;
}

/** A page waits no longer for one of its sources. */
export const patienceMs = 2000;
const keptMs = 60_000;
/** A window up to now has moved on by this much at most when its answer comes. */
const movedMs = 120_000;
/** A server that is slow is not asked more at once. */
const mostOpen = 8;

interface Question {
  readonly query: FlowMetricsQuery;
  readonly answer: Promise<FlowMetricsAnswer>;
  settled: { readonly atMs: number; readonly answer: FlowMetricsAnswer | null } | null;
  isTold: boolean;
}

/** Asks a source of metrics on behalf of pages, which do not wait for it. */
export function createPatientMetrics(metrics: FlowMetrics, clock: () => Date): PatientMetrics {
  let questions: readonly Question[] = [];
  const nowMs = (): number => clock().getTime();

  function open(query: FlowMetricsQuery): Question {
    const answer = metrics.read(query, new AbortController().signal);
    const question: Question = { query, answer, settled: null, isTold: false };
    const settle = (came: FlowMetricsAnswer | null): void => void (question.settled = { atMs: nowMs(), answer: came });
    answer.then(settle, () => settle(null));
    questions = [...questions, question];
    return question;
  }

  /** Null where nothing came in time. */
  async function inTime(question: Question): Promise<FlowMetricsAnswer | null> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<null>((resolve) => {
      timer = setTimeout(resolve, patienceMs, null);
    });
    try {
      return await Promise.race([question.answer, patience]);
    } finally {
      clearTimeout(timer);
      question.isTold = question.settled !== null;
    }
  }

  return {
    async read(query) {
      questions = questions.filter(({ settled }) => settled === null || nowMs() - settled.atMs < keptMs);
      const alike = questions.filter((question) => isSame(question.query, query));
      const isFull = questions.filter(({ settled }) => settled === null).length >= mostOpen;
      const question = alike.find(({ isTold }) => !isTold) ?? (isFull ? null : open(query));
      const answer = question && (await inTime(question));
      if (answer) return { answer, isAwaited: false };
      return { answer: alike.findLast(({ settled }) => settled?.answer)?.settled?.answer ?? null, isAwaited: true };
    },
  };
}

/** Also of a window up to now, as it was when a page asked first. */
function isSame(one: FlowMetricsQuery, other: FlowMetricsQuery): boolean {
  const [{ window: a }, { window: b }] = [one, other];
  const isSameWindow = a.fromMs === b.fromMs || a.toMs - a.fromMs === b.toMs - b.fromMs;
  return (
    isSameWindow &&
    Math.abs(a.toMs - b.toMs) <= movedMs &&
    one.intervalMs === other.intervalMs &&
    one.place === other.place &&
    one.namespaces.join() === other.namespaces.join()
  );
}
