import { TransactionDetail, TransactionRow, Tuning } from '@bartizan/waf';
import { z } from 'zod';
import { Coverage } from './coverage.ts';

/** Null is unknown, never zero: nothing could be read that would tell. */
const WafTotals = z.object({
  /** Requests in the access log; null without one. */
  total: z.number().int().nullable(),
  anomalous: z.number().int().nullable(),
  /** 0…1, over the time that both logs cover; null where that is empty. */
  anomalousShare: z.number().nullable(),
  blocked: z.number().int().nullable(),
  detected: z.number().int().nullable(),
  matched: z.number().int().nullable(),
});

export const WafStatistics = WafTotals.extend({
  previous: WafTotals,
  interval: z.string(),
  /** One for every interval of the window, also where nothing happened; `total` is null where no access log covers it. */
  buckets: z.array(
    z.object({
      start: z.string(),
      total: z.number().int().nullable(),
      anomalous: z.number().int().nullable(),
      blocked: z.number().int().nullable(),
    }),
  ),
  coverage: Coverage,
});
export type WafStatistics = z.infer<typeof WafStatistics>;
export type WafTotals = z.infer<typeof WafTotals>;

export const WafDimension = z.enum(['category', 'rule', 'client', 'path', 'host', 'method', 'status']);
export type WafDimension = z.infer<typeof WafDimension>;

/** Ranked by anomalous, then count, then value. `label` is what a person reads where the value is an id. */
export const RankedValue = z.object({
  value: z.string(),
  label: z.string().optional(),
  count: z.number().int(),
  anomalous: z.number().int(),
});
export type RankedValue = z.infer<typeof RankedValue>;

export const WafBreakdown = z.object({
  items: z.array(RankedValue),
  nextCursor: z.string().optional(),
  coverage: Coverage,
});
export type WafBreakdown = z.infer<typeof WafBreakdown>;

export const TransactionList = z.object({
  items: z.array(TransactionRow),
  nextCursor: z.string().optional(),
  coverage: Coverage,
});
export type TransactionList = z.infer<typeof TransactionList>;

/** One transaction, and the pod that has the upstream's address and ran already then; null where none is known to. */
export const Transaction = TransactionDetail.extend({
  answeredBy: z.object({ namespace: z.string(), pod: z.string(), workload: z.string() }).nullable(),
});
export type Transaction = z.infer<typeof Transaction>;

export const WafTuning = Tuning.extend({ coverage: Coverage });
export type WafTuning = z.infer<typeof WafTuning>;
