import type { ReactNode } from 'react';
import { formatMoment, formatSince, readMoment } from '../format/time.ts';
import { useScene } from '../frame/scene-context.ts';
import { useNow } from './use-now.ts';

/** How long ago, with the moment itself on hover. */
export function Ago({ at }: { readonly at: string | null | undefined }): ReactNode {
  const { zone } = useScene();
  const nowMs = useNow();
  const ms = readMoment(at);
  if (ms === null) return <span className="quiet">–</span>;
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatMoment(ms, zone)}>
      {formatSince(at, nowMs)}
    </time>
  );
}
