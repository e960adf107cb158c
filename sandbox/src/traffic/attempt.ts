import type { HttpAsk } from './habits.ts';
import type { End } from './ends.ts';

/** One try to connect; whether it succeeds is for the policies to say. */
export interface Attempt {
  readonly time: number;
  readonly from: End;
  readonly to: End;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
  readonly sourcePort: number;
  readonly http?: HttpAsk;
  /** The name that is looked up. */
  readonly dns?: string;
  /** How often it has been tried before; a refused one is tried again. */
  readonly retries: number;
}
