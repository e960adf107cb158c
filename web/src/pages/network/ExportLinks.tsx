import type { ReactNode } from 'react';
import { useScene } from '../../frame/scene-context.ts';
import { useConsoleApi } from '../../queries/console-api.tsx';
import { windowQuery } from '../../queries/scene.ts';
import { Icon } from '../../ui/Icon.tsx';

/** Every record of the filter as a file, not only those that are listed. */
export function ExportLinks({ filter }: { readonly filter: string }): ReactNode {
  const scene = useScene();
  const { moment } = useConsoleApi();
  const address = (format: 'csv' | 'ndjson') => {
    const query = new URLSearchParams({ format, ...windowQuery(scene, moment.read()), filter });
    return `/api/v1/environments/${encodeURIComponent(scene.env)}/flows/export?${query.toString()}`;
  };
  return (
    <span className="seg wide" role="group" aria-label="Export all of them">
      <a href={address('csv')} download title="Every flow of this filter as a table">
        <Icon name="download" /> CSV
      </a>
      <a href={address('ndjson')} download title="Every flow of this filter, whole, one JSON object a line">
        NDJSON
      </a>
    </span>
  );
}
