import type { FlowRecord } from '@bartizan/flow';

export type FlowSourceEvent =
  | { readonly kind: 'flow'; readonly flow: FlowRecord }
  | {
      readonly kind: 'gap';
      readonly reason: string;
      readonly fromMs: number;
      /** Null while it lasts; when it has ended it is told once more, with its end: its beginning where nothing is missing. */
      readonly toMs: number | null;
    }
  /** Events that are lost for everybody. */
  | {
      readonly kind: 'lost';
      /** Hubble's name of it, such as `HUBBLE_RING_BUFFER`, empty where it is not known; `unreadable`: they came, and could not be read. */
      readonly place: string;
      /** Empty where it is not known. */
      readonly node: string;
      readonly count: number;
      readonly fromMs: number;
      readonly toMs: number;
    };

export interface FlowSourceStatus {
  readonly version: string | null;
  readonly connectedNodes: number | null;
  readonly unavailableNodes: readonly string[];
  readonly storedFlows: number;
  readonly capacity: number;
}

/** Live flow events: Hubble Relay. Throws SourceError; ends when the signal is aborted. */
export interface FlowSource {
  status(signal: AbortSignal): Promise<FlowSourceStatus>;
  /** Events since a time (all that it still has where null), then new ones as they come: those that came together, in their order. */
  follow(options: {
    readonly sinceMs: number | null;
    readonly signal: AbortSignal;
  }): AsyncIterable<readonly FlowSourceEvent[]>;
  close(): Promise<void>;
}
