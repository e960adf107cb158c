import { z } from 'zod';
import { Coverage } from './coverage.ts';

/** A pair of which something was dropped, a pair of ends at all, a DNS name outside the cluster, or a port of a workload. */
export const FirstSeenKind = z.enum(['drop', 'pair', 'name', 'port']);
export type FirstSeenKind = z.infer<typeof FirstSeenKind>;

/** What a window has and the stored history before it has not. */
export const FlowFirstSeen = z.object({
  /** Of the part of the window that can be told of (`history.tellsFrom`); empty where none can: then everything would count as new. */
  items: z.array(
    z.object({
      kind: FirstSeenKind,
      value: z.string(),
      /** The filter that keeps its records. */
      filter: z.string(),
      firstSeen: z.string(),
      count: z.number().int(),
      dropped: z.number().int(),
    }),
  ),
  /** How many of each kind there are, also those that are not listed; null where that cannot be told. */
  totals: z.object({
    drop: z.number().int().nullable(),
    pair: z.number().int().nullable(),
    name: z.number().int().nullable(),
    port: z.number().int().nullable(),
  }),
  history: z.object({
    /** The oldest stored event; null where there is none. */
    since: z.string().nullable(),
    /** From when on it tells what is new: as long before as the time that it tells of (a week is enough for any); null: not at all. */
    tellsFrom: z.string().nullable(),
    /** Whether that is all of the window. */
    isEnough: z.boolean(),
  }),
  coverage: Coverage,
});
export type FlowFirstSeen = z.infer<typeof FlowFirstSeen>;
