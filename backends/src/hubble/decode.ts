import { flowWire, fromRelay, relayWire } from '@bartizan/flow';
import type { observerWire } from '@bartizan/flow';
import type { FlowSourceEvent, FlowSourceStatus } from '../flow-source.ts';

export interface ResponseReader {
  /** Events of one message: none where it says nothing new. */
  read(response: observerWire.GetFlowsResponse, nowMs: number): readonly FlowSourceEvent[];
}

/**
 * Remembers which nodes are away, so that their absence has a beginning and an end. Relay says when a node is lost, and not when
 * it is back: its next event does. Where that is older than the absence, the node sends all it has anew and nothing is missing.
 */
export function createResponseReader(): ResponseReader {
  const away = new Map<string, { readonly fromMs: number; readonly reason: string }>();

  function lost(status: relayWire.NodeStatusEvent, fromMs: number): FlowSourceEvent[] {
    if (status.stateChange === relayWire.NodeState.NODE_CONNECTED)
      return status.nodeNames.flatMap((node) => back(node, fromMs));
    return status.nodeNames.flatMap((node): FlowSourceEvent[] => {
      if (away.has(node)) return [];
      const gone = { fromMs, reason: awayInWords(node, status) };
      away.set(node, gone);
      return [{ kind: 'gap', ...gone, toMs: null, lost: null }];
    });
  }

  function back(node: string, toMs: number): FlowSourceEvent[] {
    const gone = away.get(node);
    if (gone === undefined) return [];
    away.delete(node);
    return [{ kind: 'gap', ...gone, toMs: Math.max(toMs, gone.fromMs), lost: null }];
  }

  return {
    read(response, nowMs) {
      const { case: kind, value } = response.responseTypes;
      const atMs = millisOf(response.time) ?? nowMs;
      switch (kind) {
        case 'flow': {
          const flow = fromRelay(withEnvelope(value, response));
          const event = { kind: 'flow', flow } as const;
          return away.size === 0 ? [event] : [...back(response.nodeName || value.nodeName, atMs), event];
        }
        case 'lostEvents':
          return [lostEvents(value, { node: response.nodeName, atMs })];
        case 'nodeStatus':
          return lost(value, atMs);
        case undefined:
          return [];
        default:
          return kind satisfies never;
      }
    },
  };
}

export function readServerStatus(status: observerWire.ServerStatusResponse): FlowSourceStatus {
  return {
    version: status.version === '' ? null : status.version,
    connectedNodes: status.numConnectedNodes ?? null,
    unavailableNodes: status.unavailableNodes,
    storedFlows: Number(status.numFlows),
    capacity: Number(status.maxFlows),
  };
}

/** A field mask may leave out the node and the time; the envelope has them always. */
function withEnvelope(flow: flowWire.Flow, envelope: observerWire.GetFlowsResponse): flowWire.Flow {
  if (flow.nodeName === '') flow.nodeName = envelope.nodeName;
  if (flow.time === undefined && envelope.time !== undefined) flow.time = envelope.time;
  return flow;
}

function lostEvents(event: flowWire.LostEvent, { node, atMs }: { node: string; atMs: number }): FlowSourceEvent {
  const lost = Number(event.numEventsLost);
  const place = lossPlaces[event.source];
  const where = place === undefined ? '' : ` in the ${place}`;
  const reason = `${lost} ${lost === 1 ? 'event' : 'events'} lost${where}${node === '' ? '' : ` ${place === undefined ? 'on' : 'of'} node ${node}`}`;
  const span = { fromMs: millisOf(event.first) ?? atMs, toMs: millisOf(event.last) ?? atMs };
  return { kind: 'gap', reason, lost, ...span };
}

const lossPlaces: Readonly<Record<number, string>> = {
  [flowWire.LostEventSource.PERF_EVENT_RING_BUFFER]: "kernel's ring buffer",
  [flowWire.LostEventSource.OBSERVER_EVENTS_QUEUE]: "observer's queue",
  [flowWire.LostEventSource.HUBBLE_RING_BUFFER]: 'Hubble ring buffer',
};

function awayInWords(node: string, status: relayWire.NodeStatusEvent): string {
  const message = status.message === '' ? '' : `: ${status.message}`;
  return status.stateChange === relayWire.NodeState.NODE_ERROR
    ? `node ${node} failed${message}`
    : `no events from node ${node}${message}`;
}

function millisOf(time: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  if (time === undefined) return undefined;
  const ms = Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000);
  return ms === 0 ? undefined : ms;
}
