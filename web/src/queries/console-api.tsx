import { createClient } from '@bartizan/api';
import type { Client } from '@bartizan/api';
import { createContext, use } from 'react';
import { createMoment } from './moment.ts';
import type { Moment } from './moment.ts';

export interface ConsoleApi {
  readonly client: Client<AbortSignal>;
  readonly moment: Moment;
}

export const ConsoleApiContext = createContext<ConsoleApi | null>(null);

export function createConsoleApi(): ConsoleApi {
  return { client: createClient<AbortSignal>((url, init) => fetch(url, init)), moment: createMoment(Date.now) };
}

export function useConsoleApi(): ConsoleApi {
  const api = use(ConsoleApiContext);
  if (!api) throw new Error('useConsoleApi needs a ConsoleApiContext around it');
  return api;
}
