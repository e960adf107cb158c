import { z } from 'zod';

/** RFC 9457, with a stable `code` that programs can compare. */
export const ProblemDetails = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
});
export type ProblemDetails = z.infer<typeof ProblemDetails>;
