import { z } from 'zod';

export const Signal = z.enum(['waf', 'flows', 'policies']);
export type Signal = z.infer<typeof Signal>;

export const SourceState = z.enum(['ok', 'missing', 'unreachable', 'forbidden', 'misconfigured']);
export type SourceState = z.infer<typeof SourceState>;

/** One place where a signal of an environment comes from. `reason` says what is wrong, `fix` the exact lines to add. */
export const SourceStatus = z.object({
  signal: Signal,
  /** `files`, `hubble`, `prometheus`, `kubernetes`, `elasticsearch`. */
  kind: z.string(),
  state: SourceState,
  reason: z.string().optional(),
  fix: z.string().optional(),
  /** Of what answers there, as it says it. */
  version: z.string().optional(),
  /** Where it is: an address or a path, without secrets. */
  location: z.string().optional(),
  /** The newest record read, and since when the state holds. */
  newest: z.string().nullable().optional(),
  since: z.string().optional(),
  /** What the console itself stores of it: about how much, before when it was deleted (null: nothing was), and the limits. */
  stored: z
    .object({
      bytes: z.number().nullable(),
      deletedBefore: z.string().nullable(),
      limits: z.object({ age: z.string(), size: z.string() }),
    })
    .optional(),
  /** Of what is stored: since when records are whole, and since when they are counts by the hour; null: nothing was dropped yet. */
  kept: z
    .object({
      wholeSince: z.string().nullable(),
      countsSince: z.string().nullable(),
      limits: z.object({ whole: z.string(), counts: z.string(), size: z.string() }),
    })
    .optional(),
});
export type SourceStatus = z.infer<typeof SourceStatus>;

export const Environment = z.object({
  id: z.string(),
  name: z.string(),
  cluster: z.string(),
  namespaces: z.array(z.string()),
  sources: z.array(SourceStatus),
});
export type Environment = z.infer<typeof Environment>;

export const EnvironmentList = z.object({
  items: z.array(Environment),
  /** Above these shares (0…1) a figure asks to be looked into. */
  thresholds: z.object({ anomalousShare: z.number(), droppedShare: z.number() }),
  /** Why there is none, and what to add; absent when there is one. */
  empty: z.object({ reason: z.string(), fix: z.string() }).optional(),
});
export type EnvironmentList = z.infer<typeof EnvironmentList>;
