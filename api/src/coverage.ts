import { z } from 'zod';

/** What could not be seen, and why. Without `from`/`to` it holds for the whole window. */
export const Gap = z.object({
  source: z.string(),
  reason: z.string(),
  from: z.string().optional(),
  to: z.string().optional(),
});
export type Gap = z.infer<typeof Gap>;

/** What a number covers: every answer about observed data carries it. `complete` is false as soon as there is a gap. */
export const Coverage = z.object({
  from: z.string(),
  to: z.string(),
  sources: z.array(z.object({ source: z.string(), newest: z.string().nullable() })),
  complete: z.boolean(),
  gaps: z.array(Gap),
});
export type Coverage = z.infer<typeof Coverage>;
