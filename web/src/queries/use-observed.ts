import type { Answer, CallInput, QueryInput } from '@bartizan/api';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { useConsoleApi } from './console-api.tsx';
import { windowQuery } from './scene.ts';
import type { Scene } from './scene.ts';

type Observed = 'wafStatistics' | 'wafBreakdown' | 'wafTuning' | 'flowStatistics' | 'flowBreakdown' | 'flowFirstSeen';
type Records = 'transactions' | 'flows';
type Asked<Name extends Observed | Records> = Omit<QueryInput<Name>, 'from' | 'to' | 'range'>;

interface Options {
  readonly enabled?: boolean;
}

/** One answer about observed data, in the scene's environment and window. What it shows while the next is on its way is of the same environment. */
export function useObserved<Name extends Observed>(
  name: Name,
  scene: Scene,
  asked: Asked<Name>,
  { enabled = true }: Options = {},
): UseQueryResult<Answer<Name>> {
  const { client, moment } = useConsoleApi();
  return useQuery<Answer<Name>>({
    queryKey: [name, scene.env, scene.spec, scene.zone, asked],
    queryFn: async ({ signal }) => {
      const query = { ...windowQuery(scene, moment.read()), ...asked };
      return (await client.call(name, inputOf<Name>({ params: { env: scene.env }, query, signal }))).value;
    },
    refetchInterval: ({ state }) => (isAwaited(state.data) ? askAgainMs : scene.refreshMs),
    placeholderData: (previous, before) => (before?.queryKey[1] === scene.env ? previous : undefined),
    enabled,
  });
}

const askAgainMs = 2000;

function isAwaited(answer: object | undefined): boolean {
  return answer !== undefined && 'isAwaited' in answer;
}

interface Page {
  readonly cursor: string | undefined;
  readonly window: { readonly from: string; readonly to: string } | undefined;
}

/** Records, newest first, page by page; all pages cover the window of the first. */
export function useRecords<Name extends Records>(name: Name, scene: Scene, asked: Asked<Name>) {
  const { client, moment } = useConsoleApi();
  const first: Page = { cursor: undefined, window: undefined };
  return useInfiniteQuery({
    queryKey: [name, scene.env, scene.spec, scene.zone, asked],
    initialPageParam: first,
    queryFn: async ({ pageParam, signal }) => {
      const window = pageParam.window ?? windowQuery(scene, moment.read());
      const query = { ...window, ...asked, limit: 100, ...(pageParam.cursor ? { cursor: pageParam.cursor } : {}) };
      const { value } = await client.call(name, inputOf<Name>({ params: { env: scene.env }, query, signal }));
      return { value, window };
    },
    getNextPageParam: ({ value, window }): Page | undefined =>
      value.nextCursor === undefined ? undefined : { cursor: value.nextCursor, window },
    refetchInterval: scene.refreshMs,
    placeholderData: (previous, before) => (before?.queryKey[1] === scene.env ? previous : undefined),
  });
}

/** The compiler does not follow that the parameters and the query of a generic route are those of that route. */
function inputOf<Name extends Observed | Records>(input: {
  params: { env: string };
  query: object;
  signal: AbortSignal;
}): CallInput<Name, AbortSignal> {
  return input as unknown as CallInput<Name, AbortSignal>;
}
