import type { End } from '../traffic/ends.ts';
import type { PolicyMark } from '../traffic/judge.ts';

/** Where a packet was seen, with the numbers of the monitor API and of Hubble's enum. */
export const tracePoints = {
  'to-endpoint': { subType: 0, point: 101 },
  'to-proxy': { subType: 1, point: 1 },
  'to-stack': { subType: 3, point: 3 },
  'to-overlay': { subType: 4, point: 4 },
  'from-endpoint': { subType: 5, point: 5 },
  'from-overlay': { subType: 9, point: 9 },
  'from-network': { subType: 10, point: 10 },
} as const;

export type TracePoint = keyof typeof tracePoints;
export type TcpFlags = 'SYN' | 'SYN, ACK' | 'ACK, PSH' | 'ACK, FIN';

/** One event of an agent; everything that Hubble's message says follows from it. */
export interface FlowEvent {
  readonly kind: 'trace' | 'policy-verdict' | 'drop' | 'l7';
  readonly time: number;
  /** The node that saw it: `prod-eu1-w01`. */
  readonly node: string;
  readonly verdict: 'FORWARDED' | 'DROPPED' | 'REDIRECTED';
  readonly source: End;
  readonly destination: End;
  readonly protocol: 'TCP' | 'UDP';
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly direction: 'ingress' | 'egress' | 'unknown';
  /** Absent where Cilium cannot know: receiving trace points, drops, refusing verdicts. */
  readonly isReply?: boolean;
  readonly flags?: TcpFlags;
  readonly point?: TracePoint;
  readonly dropReason?: 'POLICY_DENIED' | 'POLICY_DENY';
  readonly matchType?: number;
  readonly allowedBy?: readonly PolicyMark[];
  readonly deniedBy?: readonly PolicyMark[];
  readonly l7?: L7Record;
}

export type L7Record = {
  readonly type: 'REQUEST' | 'RESPONSE';
  readonly latencyNs: number;
} & (
  | { readonly http: { readonly code: number; readonly method: string; readonly url: string } }
  | { readonly dns: { readonly query: string; readonly ips: readonly string[]; readonly rcode: number } }
);

/** Events that an agent could not keep up with. */
export interface LossEvent {
  readonly kind: 'lost';
  readonly time: number;
  readonly node: string;
  readonly count: number;
}

export type ObservedEvent = FlowEvent | LossEvent;
