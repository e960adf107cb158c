import { createConnectionReader, endName } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { clusterOf, observedOf } from '@bartizan/policy';
import type { DnsQuery, Endpoint, Flow, HttpRequest, Inventory } from '@bartizan/policy';

/** One connection in the engine's words, and the cluster around it. */
export interface AskedConnection {
  /** Its ends are called `from` and `to`. */
  readonly flow: Flow & { readonly from: string; readonly to: string };
  readonly inventory: Inventory;
  /** The local cluster's name. */
  readonly cluster: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** The connection that an event belongs to, or why it cannot be told. A reply is judged as what it answers. */
export function connectionOf(flow: FlowRecord, inventory: Inventory): AskedConnection | string {
  const reader = createConnectionReader();
  const asked = isReply(flow) ? answered(flow) : flow;
  if (asked === null) return 'It tells of another connection, which it does not name.';
  reader.add({ ...asked, type: 'PolicyVerdict', isReply: false, tcpFlags: null });
  const { edges } = reader.finish();
  const { ends, connections } = observedOf(edges, { nameOf: endName, inventory, podAddresses: false });
  const [connection] = connections;
  if (!connection) return 'The event does not say which connection it belongs to.';
  const [one, other] = [ends[connection.from], ends[connection.to]];
  if (!one?.endpoint || !other?.endpoint) {
    const missing = one?.missing ?? other?.missing;
    return missing === undefined ? 'The event does not say enough of its ends.' : `It cannot be judged: ${missing}.`;
  }
  if (connection.port === null) return 'The event does not say the port.';
  const [from, to] = [
    { ...one.endpoint, id: 'from' },
    { ...other.endpoint, id: 'to' },
  ];
  return {
    flow: { from: 'from', to: 'to', port: connection.port, protocol: connection.protocol, ...requestOf(flow) },
    inventory,
    cluster: clusterOf(edges),
    from,
    to,
  };
}

/** What a reply answers; null for an ICMP error, which is about some other packet. */
function answered(flow: FlowRecord): FlowRecord | null {
  const reversed = { ...flow, source: flow.destination, destination: flow.source };
  if (flow.icmp === null) return reversed;
  const [reply, request] = flow.protocol === 'ICMPv4' ? [0, 8] : [129, 128];
  return flow.icmp.type === reply ? { ...reversed, icmp: { type: request, code: 0 } } : null;
}

function isReply({ isReply: said, tcpFlags }: FlowRecord): boolean {
  return said ?? (tcpFlags !== null && tcpFlags.includes('SYN') && tcpFlags.includes('ACK'));
}

/** What a proxy saw of it. */
function requestOf({ l7 }: FlowRecord): { readonly http?: HttpRequest; readonly dns?: DnsQuery } {
  if (l7?.dns) return { dns: { name: l7.dns.query } };
  if (!l7?.http) return {};
  const { method, url, headers } = l7.http;
  const parts = /^(?:[a-z][a-z0-9+.-]*:\/\/([^/?#]*))?([^#]*)/i.exec(url);
  const host = parts?.[1];
  return {
    http: {
      method,
      path: parts?.[2] || '/',
      ...(host ? { host } : {}),
      headers: Object.fromEntries(headers.map(({ key, value }) => [key, value])),
    },
  };
}
