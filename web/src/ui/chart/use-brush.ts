import { useState } from 'react';
import type { PointerEvent } from 'react';
import type { Span } from './plot.ts';

interface Options {
  readonly window: Span;
  readonly onCursor: (ms: number | null) => void;
  readonly onZoom: (span: Span) => void;
}

export interface Brush {
  /** What is being dragged out; null while nothing is. */
  readonly span: Span | null;
  readonly cancel: () => void;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
  };
}

const smallest = 6;

/** Moving shows the values there, dragging chooses a span to zoom to, Esc lets it go. */
export function useBrush({ window, onCursor, onZoom }: Options): Brush {
  const [drag, setDrag] = useState<{ startX: number; startMs: number; endMs: number } | null>(null);
  const cancel = () => setDrag(null);
  const momentAt = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    return window.fromMs + share * (window.toMs - window.fromMs);
  };
  return {
    span: drag && { fromMs: Math.min(drag.startMs, drag.endMs), toMs: Math.max(drag.startMs, drag.endMs) },
    cancel,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const ms = momentAt(event);
        setDrag({ startX: event.clientX, startMs: ms, endMs: ms });
      },
      onPointerMove(event) {
        const ms = momentAt(event);
        onCursor(ms);
        if (drag) setDrag({ ...drag, endMs: ms });
      },
      onPointerUp(event) {
        setDrag(null);
        if (!drag || Math.abs(event.clientX - drag.startX) < smallest) return;
        const endMs = momentAt(event);
        onZoom({ fromMs: Math.min(drag.startMs, endMs), toMs: Math.max(drag.startMs, endMs) });
      },
      onPointerLeave: () => onCursor(null),
      onPointerCancel: cancel,
    },
  };
}
