import type { Attack } from './attacks.ts';

/** One request as the ingress sees it: the source of a line in the access log and perhaps of an audit record. */
export interface WebRequest {
  readonly time: number;
  readonly client: string;
  readonly port: number;
  readonly host: string;
  readonly method: string;
  readonly uri: string;
  readonly agent: string | undefined;
  readonly referer: string | undefined;
  readonly status: number;
  readonly bytes: number;
  readonly length: number;
  readonly durationMs: number;
  readonly upstreamName: string;
  /** Absent where the firewall answered and no pod was asked. */
  readonly upstream: string | undefined;
  readonly requestId: string;
  readonly uniqueId: string;
  readonly engine: 'Enabled' | 'DetectionOnly';
  readonly attack: Attack | undefined;
}
