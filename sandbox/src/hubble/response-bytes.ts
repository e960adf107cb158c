import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { FieldMask } from '@bufbuild/protobuf/wkt';
import { flowWire, observerWire } from '@bartizan/flow';
import { clusterName } from '../world/places.ts';
import { applyMask } from './field-mask.ts';
import { createFlowWriter, timestampOf } from './flow-bytes.ts';
import type { Recorded } from './rings.ts';

/** Writes events as answers to GetFlows, with the fields that were asked for. */
export function createResponseWriter(): (recorded: Recorded, mask: FieldMask | undefined) => Uint8Array {
  const writeFlow = createFlowWriter();
  return ({ event, sequence }, mask) => {
    const envelope = { nodeName: `${clusterName}/${event.node}`, time: timestampOf(event.time) };
    if (event.kind === 'lost') {
      const value = {
        source: flowWire.LostEventSource.PERF_EVENT_RING_BUFFER,
        numEventsLost: BigInt(event.count),
        cpu: 1,
      };
      return responseBytes({ ...envelope, responseTypes: { case: 'lostEvents', value } });
    }
    const whole = writeFlow(event, sequence);
    const bytes = mask && mask.paths.length > 0 ? masked(whole, mask.paths) : whole;
    return Buffer.concat([flowField(bytes), responseBytes(envelope)]);
  };
}

type Response = Parameters<typeof create<typeof observerWire.GetFlowsResponseSchema>>[1];

export function responseBytes(fields: Response): Uint8Array {
  return toBinary(observerWire.GetFlowsResponseSchema, create(observerWire.GetFlowsResponseSchema, fields));
}

function masked(bytes: Uint8Array, paths: readonly string[]): Uint8Array {
  const flow = fromBinary(flowWire.FlowSchema, bytes);
  return toBinary(flowWire.FlowSchema, applyMask(flowWire.FlowSchema, flow, paths));
}

/** The field `flow` of the answer: its number and wire type, then the length of the message in groups of seven bits. */
function flowField(bytes: Uint8Array): Uint8Array {
  const head = [(1 << 3) | 2];
  let length = bytes.length;
  while (length > 127) {
    head.push((length & 127) | 128);
    length >>>= 7;
  }
  return Buffer.concat([Uint8Array.from([...head, length]), bytes]);
}
