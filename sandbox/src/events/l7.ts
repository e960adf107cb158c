import type { Attempt } from '../traffic/attempt.ts';
import { outside } from '../traffic/outside.ts';
import type { FlowEvent, L7Record } from './flow-event.ts';

const refusedByPolicy = 5;

/** What the proxy saw inside: a request, and the answer where it let the request pass. */
export function l7Events(
  attempt: Attempt,
  at: {
    readonly direction: 'ingress' | 'egress';
    readonly node: string;
    readonly refuses: boolean;
    readonly time: number;
  },
): FlowEvent[] {
  const { from, to, protocol, port, sourcePort } = attempt;
  const { direction, node } = at;
  const request = requestOf(attempt, at.refuses);
  if (!request) return [];
  const shared = { kind: 'l7', node, protocol, direction } as const;
  const asked: FlowEvent = {
    ...shared,
    verdict: at.refuses ? 'DROPPED' : 'FORWARDED',
    time: at.time,
    source: from,
    destination: to,
    sourcePort,
    destinationPort: port,
    isReply: false,
    l7: request,
  };
  const latencyMs = 0.8 + ((sourcePort * 7) % 40) / 10;
  const response = at.refuses ? undefined : responseOf(attempt, latencyMs);
  if (!response) return [asked];
  const answered: FlowEvent = {
    ...shared,
    verdict: 'FORWARDED',
    time: at.time + latencyMs,
    source: to,
    destination: from,
    sourcePort: port,
    destinationPort: sourcePort,
    isReply: true,
    l7: response,
  };
  return [asked, answered];
}

function requestOf({ http, dns, to, port }: Attempt, refused: boolean): L7Record | undefined {
  if (http) {
    const url = `http://${to.workload?.name ?? to.address}:${port}${http.path}`;
    return { type: 'REQUEST', latencyNs: 0, http: { code: 0, method: http.method, url } };
  }
  if (dns === undefined) return undefined;
  return { type: 'REQUEST', latencyNs: 0, dns: { query: `${dns}.`, ips: [], rcode: refused ? refusedByPolicy : 0 } };
}

function responseOf({ http, dns, to, port }: Attempt, latencyMs: number): L7Record | undefined {
  const latencyNs = Math.round(latencyMs * 1_000_000);
  if (http) {
    const url = `http://${to.workload?.name ?? to.address}:${port}${http.path}`;
    return { type: 'RESPONSE', latencyNs, http: { code: http.status, method: http.method, url } };
  }
  if (dns === undefined) return undefined;
  const ips = outside.filter(({ name }) => name === dns).map(({ address }) => address);
  return { type: 'RESPONSE', latencyNs, dns: { query: `${dns}.`, ips, rcode: 0 } };
}
