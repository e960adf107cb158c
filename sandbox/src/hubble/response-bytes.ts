import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { FieldMask } from '@bufbuild/protobuf/wkt';
import { flowWire, observerWire } from '@bartizan/flow';
import type { LossEvent } from '../events/flow-event.ts';
import { clusterName } from '../world/places.ts';
import { applyMask } from './field-mask.ts';
import { createFlowWriter } from './flow-bytes.ts';
import type { Recorded } from './rings.ts';
import { writeTime } from './stamp-bytes.ts';

const fields = observerWire.GetFlowsResponseSchema.field;

/** Writes events as answers to GetFlows, with the fields that were asked for. */
export function createResponseWriter(): (recorded: Recorded, mask: FieldMask | undefined) => Uint8Array {
  const writeFlow = createFlowWriter();
  return ({ event, sequence }, mask) => {
    const writer = new BinaryWriter();
    if (event.kind === 'lost') writer.tag(fields.lostEvents.number, WireType.LengthDelimited).bytes(lossBytes(event));
    else {
      const whole = writeFlow(event, sequence);
      const flow = mask && mask.paths.length > 0 ? masked(whole, mask.paths) : whole;
      writer.tag(fields.flow.number, WireType.LengthDelimited).bytes(flow);
    }
    writer.tag(fields.nodeName.number, WireType.LengthDelimited).string(`${clusterName}/${event.node}`);
    return writeTime(writer, fields.time.number, event.time).finish();
  };
}

export function responseBytes(response: MessageInitShape<typeof observerWire.GetFlowsResponseSchema>): Uint8Array {
  return toBinary(observerWire.GetFlowsResponseSchema, create(observerWire.GetFlowsResponseSchema, response));
}

function lossBytes({ count }: LossEvent): Uint8Array {
  const source = flowWire.LostEventSource.PERF_EVENT_RING_BUFFER;
  const loss = create(flowWire.LostEventSchema, { source, numEventsLost: BigInt(count), cpu: 1 });
  return toBinary(flowWire.LostEventSchema, loss);
}

function masked(bytes: Uint8Array, paths: readonly string[]): Uint8Array {
  const flow = fromBinary(flowWire.FlowSchema, bytes);
  return toBinary(flowWire.FlowSchema, applyMask(flowWire.FlowSchema, flow, paths));
}
