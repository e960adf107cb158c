import { flowWire, fromRelay, relayWire } from '@bartizan/flow';
import type { observerWire } from '@bartizan/flow';
import type { FlowSourceEvent, FlowSourceStatus } from '../flow-source.ts';
import type { Received } from './client.ts';
import { absenceInWords, createNodeAbsences } from '../node-absences.ts';

export interface ResponseReader {
  /** Events of one message: none where it says nothing new. */
  read(received: Received, nowMs: number): readonly FlowSourceEvent[];
}

/** Remembers which nodes are away: their next event says that they are back. */
export function createResponseReader(): ResponseReader {
  const absences = createNodeAbsences();

  function readResponse(response: observerWire.GetFlowsResponse, nowMs: number): readonly FlowSourceEvent[] {
    const { case: kind, value } = response.responseTypes;
    const atMs = millisOf(response.time) ?? nowMs;
    switch (kind) {
      case 'flow': {
        const flow = fromRelay(withEnvelope(value, response));
        return [...absences.end(response.nodeName || value.nodeName, atMs), { kind: 'flow', flow }];
      }
      case 'lostEvents':
        return [lostEvents(value, { node: response.nodeName, atMs })];
      case 'nodeStatus':
        return value.nodeNames.flatMap((node) =>
          value.stateChange === relayWire.NodeState.NODE_CONNECTED
            ? absences.end(node, atMs)
            : absences.begin(node, { fromMs: atMs, reason: reasonOf(node, value) }),
        );
      case undefined:
        return [];
      default:
        return kind satisfies never;
    }
  }

  return {
    read(received, nowMs) {
      switch (received.kind) {
        case 'flow': {
          const { flow, node, atMs } = received;
          return [...absences.end(node, atMs ?? nowMs), { kind: 'flow', flow }];
        }
        case 'other':
          return readResponse(received.response, nowMs);
        case 'unreadable':
          return [{ kind: 'lost', place: 'unreadable', node: '', count: 1, fromMs: nowMs, toMs: nowMs }];
        default:
          return received satisfies never;
      }
    },
  };
}

function reasonOf(node: string, { stateChange, message }: relayWire.NodeStatusEvent): string {
  return absenceInWords(node, { state: relayWire.NodeState[stateChange] ?? '', message });
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
  const span = { fromMs: millisOf(event.first) ?? atMs, toMs: millisOf(event.last) ?? atMs };
  const place = flowWire.LostEventSource[event.source] ?? '';
  return { kind: 'lost', place, node, count: Number(event.numEventsLost), ...span };
}

function millisOf(time: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  if (time === undefined) return undefined;
  const ms = Number(time.seconds) * 1000 + Math.floor(time.nanos / 1_000_000);
  return ms === 0 ? undefined : ms;
}
