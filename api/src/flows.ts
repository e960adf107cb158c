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

const Decider = z.object({
  /** `Kind/namespace/name`, or `Kind/name` for a cluster-scoped policy. */
  policy: z.string(),
  direction: z.enum(['ingress', 'egress']),
  /** `ingress[0]` */
  rule: z.string(),
  effect: z.enum(['allow', 'deny', 'default-deny']),
  /** From the manifest's root: `spec.ingress[0]`. */
  path: z.string(),
});

const Side = z.enum(['allowed', 'denied', 'none', 'error']);

const NearMiss = z.object({
  policy: z.string(),
  direction: z.enum(['ingress', 'egress']),
  rule: z.string(),
  path: z.string(),
  differs: z.array(
    z.object({
      what: z.string(),
      path: z.string(),
      message: z.string(),
      expected: z.string().optional(),
      actual: z.string().optional(),
    }),
  ),
});

/** Why a flow was let through or dropped, by our own engine on the policies as they were when it happened. */
export const FlowWhy = z.object({
  /** not-policy: dropped for a reason that no policy caused. unknown: it cannot be told, and `reason` says why. */
  verdict: z.enum(['allowed', 'denied', 'not-policy', 'unknown']),
  reason: z.string().optional(),
  egress: Side,
  ingress: Side,
  /** Why each side is so: `no-policy`, `default-deny`, `allow`, … */
  because: z.object({ egress: z.string(), ingress: z.string() }).optional(),
  decidedBy: z.array(Decider),
  /** For a denial: the rule that came nearest to allowing it, and what differs. */
  nearest: NearMiss.optional(),
  /** The smallest change that would have allowed it, in words, and where. */
  fix: z.object({ policy: z.string(), path: z.string(), words: z.string() }).optional(),
  /** What Hubble said, and the policies that it named. */
  reported: z.object({ verdict: z.string(), allowedBy: z.array(z.string()), deniedBy: z.array(z.string()) }),
  /** Whether ours and the reported verdict say the same; null where there is nothing to compare. */
  agrees: z.boolean().nullable(),
  /** The policies judged with: as they were then, or as they are now where their history does not reach back. */
  policiesAsOf: z.enum(['then', 'now']),
});
export type FlowWhy = z.infer<typeof FlowWhy>;
