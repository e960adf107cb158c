import { z } from 'zod';

const Reason = z.looseObject({ type: z.string().optional(), reason: z.string().nullish() });

const Failure = z.looseObject({
  error: z.union([
    z.string(),
    Reason.extend({
      root_cause: z.array(Reason).optional(),
      failed_shards: z.array(z.looseObject({ reason: Reason.optional() })).optional(),
    }),
  ]),
});

/** What an engine says of a request that failed; null where it says nothing. */
export function readFailure(answer: unknown): string | null {
  const read = Failure.safeParse(answer);
  if (!read.success) return null;
  const { error } = read.data;
  if (typeof error === 'string') return error;
  const cause = error.failed_shards?.[0]?.reason ?? error.root_cause?.[0] ?? error;
  return wordsOf(cause) ?? wordsOf(error);
}

function wordsOf({ type, reason }: z.infer<typeof Reason>): string | null {
  const words = [type, reason].filter((part) => part);
  return words.length === 0 ? null : words.join(': ').slice(0, 500);
}

const Hit = z.object({
  _index: z.string(),
  _id: z.string(),
  _source: z.record(z.string(), z.unknown()).optional(),
  fields: z.record(z.string(), z.array(z.unknown())).optional(),
  sort: z.array(z.union([z.number(), z.string()])).optional(),
});
export type Hit = z.infer<typeof Hit>;

const SearchAnswer = z.object({
  timed_out: z.boolean().optional(),
  _shards: z
    .object({
      failed: z.number(),
      total: z.number(),
      failures: z.array(z.object({ reason: Reason.optional() })).optional(),
    })
    .optional(),
  hits: z.object({
    // Before version 7 a number.
    total: z.union([z.number(), z.object({ value: z.number(), relation: z.string() })]).nullish(),
    hits: z.array(Hit),
  }),
  aggregations: z.record(z.string(), z.unknown()).optional(),
});

export interface Found {
  readonly total: number;
  readonly hits: readonly Hit[];
  readonly aggregations: Readonly<Record<string, unknown>>;
}

export type FoundOrWrong =
  | { readonly ok: true; readonly found: Found }
  | { readonly ok: false; readonly code: 'bad-response' | 'timeout'; readonly reason: string };

/** Reads the answer of a search; what is not whole or not exact is no answer. */
export function readFound(answer: unknown): FoundOrWrong {
  const read = SearchAnswer.safeParse(answer);
  if (!read.success) return wrong('the answer is not that of a search');
  const { timed_out: timedOut, _shards: shards, hits, aggregations = {} } = read.data;
  if (timedOut) return { ok: false, code: 'timeout', reason: 'it gave up before all shards had answered' };
  if (shards && shards.failed > 0) {
    const why = shards.failures?.[0]?.reason;
    const words = why ? wordsOf(why) : null;
    return wrong(`${shards.failed} of ${shards.total} shards failed${words === null ? '' : `: ${words}`}`);
  }
  const { total } = hits;
  if (typeof total === 'object' && total !== null && total.relation !== 'eq')
    return wrong(`it counted only up to ${total.value}`);
  const count = typeof total === 'number' ? total : (total?.value ?? hits.hits.length);
  return { ok: true, found: { total: count, hits: hits.hits, aggregations } };
}

function wrong(reason: string): FoundOrWrong {
  return { ok: false, code: 'bad-response', reason };
}

const Histogram = z.object({
  byTime: z.object({ buckets: z.array(z.object({ key: z.number(), doc_count: z.number() })) }),
});

/** Documents by the beginning of each interval; there are no aggregations where no index fits the patterns. */
export function readHistogram(aggregation: unknown): ReadonlyMap<number, number> {
  if (aggregation === undefined) return new Map();
  return new Map(Histogram.parse(aggregation).byTime.buckets.map((bucket) => [bucket.key, bucket.doc_count]));
}

const Opened = z.union([
  z.object({ pit_id: z.string() }).transform(({ pit_id: id }) => id),
  z.object({ id: z.string() }).transform(({ id }) => id),
]);

/** The id of a point in time; null where there is none. */
export function readPointInTime(answer: unknown): string | null {
  const read = Opened.safeParse(answer);
  return read.success ? read.data : null;
}

const Root = z.object({ version: z.object({ number: z.string(), distribution: z.string().optional() }) });

export interface Engine {
  readonly kind: 'elasticsearch' | 'opensearch';
  readonly version: string;
}

export function readEngine(answer: unknown): Engine | null {
  const read = Root.safeParse(answer);
  if (!read.success) return null;
  const { number, distribution } = read.data.version;
  return { kind: distribution === 'opensearch' ? 'opensearch' : 'elasticsearch', version: number };
}

const FieldCaps = z.object({
  indices: z.array(z.string()).optional(),
  fields: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({ searchable: z.boolean().optional(), indices: z.array(z.string()).optional() }),
    ),
  ),
});

/** The types that a field has, each with the indices that have it where they differ. */
export type Fields = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;

export function readFields(answer: unknown): { readonly fields: Fields; readonly indices: readonly string[] } | null {
  const read = FieldCaps.safeParse(answer);
  if (!read.success) return null;
  const fields = Object.entries(read.data.fields).map(
    ([name, types]) =>
      [name, Object.fromEntries(Object.entries(types).map(([type, { indices = [] }]) => [type, indices]))] as const,
  );
  return { fields: new Map(fields), indices: read.data.indices ?? [] };
}
