import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Ago } from '../../components/Ago.tsx';
import { formatMoment, readMoment } from '../../format/time.ts';
import { useScene } from '../../frame/scene-context.ts';
import { useConsoleApi } from '../../queries/console-api.tsx';
import { windowOf } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';

/** Where a window has no flow: when the last one was before it, or since when none has been seen. */
export function LastFlow(): ReactNode {
  const scene = useScene();
  const { client, moment } = useConsoleApi();
  const since = useObserved('flowFirstSeen', scene, { limit: 1 }).data?.history.since;
  const { data } = useQuery({
    queryKey: ['last-flow', scene.env, scene.spec, since],
    enabled: Boolean(since),
    queryFn: async ({ signal }) => {
      const to = new Date(windowOf(scene, moment.read()).toMs).toISOString();
      const query = { from: since ?? to, to, limit: 1 };
      const { value } = await client.call('flows', { params: { env: scene.env }, query, signal });
      return { time: value.items[0]?.time ?? null };
    },
  });
  const sinceMs = readMoment(since);
  if (sinceMs === null || !data) return null;
  if (data.time === null) return `None has been seen since recording began, ${formatMoment(sinceMs, scene.zone)}.`;
  return (
    <>
      The last one was <Ago at={data.time} />.
    </>
  );
}
