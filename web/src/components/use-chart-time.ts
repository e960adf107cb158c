import { useState } from 'react';
import { useSearchChange } from '../frame/scene-context.ts';
import type { Span } from '../ui/chart/plot.ts';
import { between, printSpec } from '../window/window-spec.ts';

export interface ChartTime {
  readonly cursorMs: number | null;
  readonly onCursor: (ms: number | null) => void;
  readonly onZoom: (span: Span) => void;
}

/** The cursor that the charts of a page share; zooming changes the page's window. */
export function useChartTime(): ChartTime {
  const [cursorMs, onCursor] = useState<number | null>(null);
  const change = useSearchChange();
  const onZoom = ({ fromMs, toMs }: Span) => {
    const wholeSeconds = { fromMs: Math.floor(fromMs / 1000) * 1000, toMs: Math.ceil(toMs / 1000) * 1000 };
    onCursor(null);
    change(printSpec(between(wholeSeconds)));
  };
  return { cursorMs, onCursor, onZoom };
}
