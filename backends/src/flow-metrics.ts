import type { Coverage, FlowTotals, Window } from '@bartizan/api';

export interface FlowMetricsQuery {
  readonly window: Window;
  readonly namespaces: readonly string[];
  readonly intervalMs: number;
  /** Only what goes in or comes out, with what is inside at both ends. */
  readonly place?: 'ingress' | 'egress' | undefined;
}

export interface FlowMetricsAnswer {
  readonly totals: FlowTotals;
  /** Per second, aligned by timestamp; null where Prometheus has no sample. */
  readonly buckets: readonly {
    readonly startMs: number;
    readonly forwardedPerSecond: number | null;
    readonly droppedPerSecond: number | null;
  }[];
  readonly coverage: Coverage;
}

export interface FlowMetricsCheck {
  readonly isWell: boolean;
  /** What was found: which labels hold the namespaces, or what is wrong. */
  readonly reason: string;
  /** The exact lines to add where the metric lacks what is needed. */
  readonly fix?: string;
}

/** `hubble_flows_processed_total` as Prometheus has it. Throws SourceError, with `bad-response` where the labels needed are not there. */
export interface FlowMetrics {
  read(query: FlowMetricsQuery, signal: AbortSignal): Promise<FlowMetricsAnswer>;
  check(signal: AbortSignal): Promise<FlowMetricsCheck>;
  close(): Promise<void>;
}
