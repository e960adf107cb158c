import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { flowWire } from '@bartizan/flow';
import { TimestampSchema } from '@bufbuild/protobuf/wkt';
import type { FlowEvent } from '../events/flow-event.ts';
import { hashOf } from '../seeded.ts';

const flow = flowWire.FlowSchema.field;
const layer4 = flowWire.Layer4Schema.field;
const tcp = flowWire.TCPSchema.field;
const udp = flowWire.UDPSchema.field;
const timestamp = TimestampSchema.field;

/** What no two events have in common: time, identifier and ports. Written by hand, because it is written for each. */
export function stampBytes({ time, protocol, sourcePort, destinationPort }: FlowEvent, sequence: number): Uint8Array {
  const ports = protocol === 'TCP' ? tcp : udp;
  const inside = protocol === 'TCP' ? layer4.TCP : layer4.UDP;
  return writeTime(new BinaryWriter(), flow.time.number, time)
    .tag(flow.uuid.number, WireType.LengthDelimited)
    .string(uuidOf(sequence, time))
    .tag(flow.l4.number, WireType.LengthDelimited)
    .fork()
    .tag(inside.number, WireType.LengthDelimited)
    .fork()
    .tag(ports.sourcePort.number, WireType.Varint)
    .uint32(sourcePort)
    .tag(ports.destinationPort.number, WireType.Varint)
    .uint32(destinationPort)
    .join()
    .join()
    .finish();
}

export function writeTime(writer: BinaryWriter, number: number, time: number): BinaryWriter {
  const seconds = Math.floor(time / 1000);
  return writer
    .tag(number, WireType.LengthDelimited)
    .fork()
    .tag(timestamp.seconds.number, WireType.Varint)
    .int64(seconds)
    .tag(timestamp.nanos.number, WireType.Varint)
    .int32(Math.floor((time - seconds * 1000) * 1_000_000))
    .join();
}

/** The same for the same event of the same run; its number at the end keeps it apart from every other. */
function uuidOf(sequence: number, time: number): string {
  const left = hashOf(`${time}`).toString(16).padStart(8, '0');
  const right = Math.imul(hashOf(left), sequence | 1) >>> 0;
  const middle = right.toString(16).padStart(8, '0');
  const number = sequence.toString(16).padStart(12, '0');
  return `${left}-${middle.slice(0, 4)}-4${middle.slice(5)}-8${left.slice(5)}-${number}`;
}
