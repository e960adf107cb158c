import { FlowRecord } from '@bartizan/flow';
import { z } from 'zod';
import { Coverage } from './coverage.ts';

const Direction = z.object({ total: z.number().int(), dropped: z.number().int() });

/** Flow events, as `hubble_flows_processed_total` counts them; total = ingress + egress - internal. All null where unknown. */
const FlowTotals = z.object({
  total: z.number().int().nullable(),
  dropped: z.number().int().nullable(),
  droppedShare: z.number().nullable(),
  ingress: Direction.nullable(),
  egress: Direction.nullable(),
  internal: Direction.nullable(),
  byVerdict: z.record(z.string(), z.number().int()),
});
export type FlowTotals = z.infer<typeof FlowTotals>;

export const FlowStatistics = FlowTotals.extend({
  unit: z.literal('events'),
  previous: FlowTotals,
  interval: z.string(),
  /** Average per second within each interval; null where nothing was recorded for it. */
  buckets: z.array(
    z.object({ start: z.string(), forwardedPerSecond: z.number().nullable(), droppedPerSecond: z.number().nullable() }),
  ),
  /** Which source answered, and what to know of its counting (Prometheus extrapolates). */
  source: z.object({ kind: z.enum(['history', 'prometheus', 'none']), note: z.string().optional() }),
  /** The same window as another source counted all of it, and whether both say the same as far as extrapolation allows. */
  alsoKnown: z
    .object({ source: z.literal('history'), total: z.number().int(), dropped: z.number().int(), agrees: z.boolean() })
    .optional(),
  /** A source is slow to answer: ask again, and its figures are there when they came. */
  isAwaited: z.literal(true).optional(),
  coverage: Coverage,
});
export type FlowStatistics = z.infer<typeof FlowStatistics>;

export const FlowDimension = z.enum([
  'verdict',
  'type',
  'direction',
  'source',
  'destination',
  'pair',
  'port',
  'protocol',
  'reason',
  'name',
]);
export type FlowDimension = z.infer<typeof FlowDimension>;

/** Ranked by dropped, then count, then value. */
export const FlowBreakdown = z.object({
  items: z.array(z.object({ value: z.string(), count: z.number().int(), dropped: z.number().int() })),
  nextCursor: z.string().optional(),
  coverage: Coverage,
});
export type FlowBreakdown = z.infer<typeof FlowBreakdown>;

export const FlowList = z.object({ items: z.array(FlowRecord), nextCursor: z.string().optional(), coverage: Coverage });
export type FlowList = z.infer<typeof FlowList>;
