import { FlowDimension } from '@bartizan/api';
import type { Scene } from '../../queries/scene.ts';
import { useObserved } from '../../queries/use-observed.ts';

/** The most frequent values of a field of the filter in the page's window; none of a field that is not listed anywhere. */
export function useValues(
  scene: Scene,
  { field, filter }: { readonly field: string | null; readonly filter: string },
): readonly string[] {
  const by = FlowDimension.options.find((dimension) => dimension === field);
  const { data } = useObserved(
    'flowBreakdown',
    scene,
    { by: by ?? 'verdict', filter, limit: 50 },
    { enabled: by !== undefined },
  );
  return by === undefined || !data ? [] : data.items.map(({ value }) => value);
}
