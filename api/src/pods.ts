import { z } from 'zod';
import { Coverage } from './coverage.ts';

/** A pod that runs now, as selectors see it. */
export const Pod = z.object({
  namespace: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
});
export type Pod = z.infer<typeof Pod>;

export const PodList = z.object({ items: z.array(Pod), nextCursor: z.string().optional(), coverage: Coverage });
export type PodList = z.infer<typeof PodList>;
