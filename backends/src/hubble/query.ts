import { create } from '@bufbuild/protobuf';
import { observerWire } from '@bartizan/flow';

/** Asks for events since a time, and for new ones as they come; a Relay sends all that its nodes still have for 1970. */
export function followRequest(options: {
  readonly sinceMs: number | null;
  /** Proto paths such as `source.namespace`; everything where empty. */
  readonly fields: readonly string[];
}): observerWire.GetFlowsRequest {
  const sinceMs = Math.max(options.sinceMs ?? 0, 0);
  const seconds = Math.floor(sinceMs / 1000);
  return create(observerWire.GetFlowsRequestSchema, {
    follow: true,
    since: { seconds: BigInt(seconds), nanos: Math.floor((sinceMs - seconds * 1000) * 1_000_000) },
    ...(options.fields.length === 0 ? {} : { fieldMask: { paths: [...options.fields] } }),
  });
}

export const paths = {
  getFlows: '/observer.Observer/GetFlows',
  serverStatus: '/observer.Observer/ServerStatus',
} as const;
