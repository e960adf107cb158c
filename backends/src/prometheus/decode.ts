import { z } from 'zod';

const Sample = z.tuple([z.number(), z.string()]);
const Labels = z.record(z.string(), z.string());

const Answer = z.object({
  status: z.literal('success'),
  data: z.unknown(),
  warnings: z.array(z.string()).optional(),
  /** VictoriaMetrics: a part of its storage did not answer. */
  isPartial: z.boolean().optional(),
});
const Failure = z.object({ status: z.literal('error'), errorType: z.string().optional(), error: z.string() });

const Vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: Labels, value: Sample })),
});
const Matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: Labels, values: z.array(Sample) })),
});
const Names = z.array(z.string());

export interface Answered<T> {
  readonly value: T;
  /** What the server could not see, as Thanos and Mimir say it. */
  readonly warnings: readonly string[];
}

/** The text of an error answer; undefined where it is none. */
export function readFailure(body: unknown): string | undefined {
  const failure = Failure.safeParse(body);
  return failure.success ? failure.data.error : undefined;
}

export type ByVerdict = ReadonlyMap<string, number>;

/** One number for each verdict; what is no number is left out. Undefined where the answer is none. */
export function readByVerdict(body: unknown): Answered<ByVerdict> | undefined {
  const answer = readAnswer(body, Vector, ({ result }) =>
    result.map(({ metric, value }) => [metric['verdict'] ?? '', Number(value[1])] as const),
  );
  if (answer === undefined) return undefined;
  const { value, warnings } = answer;
  const numbers = value.filter(([, number]) => Number.isFinite(number));
  return { value: new Map(numbers), warnings: numbers.length < value.length ? [...warnings, noNumber] : warnings };
}

/** The first number of a vector; null where there is none. */
export function readNumber(body: unknown): Answered<number | null> | undefined {
  return readAnswer(body, Vector, ({ result }) => {
    const number = Number(result[0]?.value[1]);
    return Number.isFinite(number) ? number : null;
  });
}

/** For each moment, in milliseconds, a number for each verdict. */
export function readSeries(body: unknown): Answered<ReadonlyMap<number, ByVerdict>> | undefined {
  return readAnswer(body, Matrix, ({ result }) => {
    const moments = new Map<number, Map<string, number>>();
    for (const { metric, values } of result)
      for (const [seconds, text] of values) {
        const number = Number(text);
        if (!Number.isFinite(number)) continue;
        const atMs = Math.round(seconds * 1000);
        const moment = moments.get(atMs) ?? new Map<string, number>();
        moment.set(metric['verdict'] ?? '', number);
        moments.set(atMs, moment);
      }
    return moments;
  });
}

export function readNames(body: unknown): Answered<readonly string[]> | undefined {
  return readAnswer(body, Names, (names) => names);
}

export const noNumber = 'it answered with something that is no number (NaN or Inf), so the sums are not known';
const partial = 'a part of its storage did not answer, so its figures are too low';

function readAnswer<S extends z.ZodType, T>(
  body: unknown,
  schema: S,
  take: (data: z.infer<S>) => T,
): Answered<T> | undefined {
  const answer = Answer.safeParse(body);
  if (!answer.success) return undefined;
  const { data, warnings = [], isPartial = false } = answer.data;
  const parsed = schema.safeParse(data);
  if (!parsed.success) return undefined;
  return { value: take(parsed.data), warnings: isPartial ? [...warnings, partial] : warnings };
}
