import { setImmediate as nextTurn } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { observerWire } from '@bartizan/flow';
import { relayWire } from '@bartizan/flow';
import { clusterName } from '../world/places.ts';
import { readFilters } from './filters.ts';
import { createResponseWriter, responseBytes } from './response-bytes.ts';
import type { Recorded, Rings } from './rings.ts';
import { isFlow } from './rings.ts';
import { millisOf, selectRecorded } from './selection.ts';

type Call = ServerWritableStream<observerWire.GetFlowsRequest, Uint8Array>;

export interface FlowStreams {
  answer(call: Call): void;
  close(): void;
}

const atOnce = 200;
const followEveryMs = 100;

/** Answers GetFlows: first what is remembered, then, where the client follows, each event as it happens. */
export function createFlowStreams(rings: Rings): FlowStreams {
  const write = createResponseWriter();
  const open = new Set<Call>();

  async function stream(call: Call): Promise<void> {
    const { request } = call;
    const filters = readFilters(request);
    if (!filters.ok) {
      call.emit('error', { code: status.INVALID_ARGUMENT, details: filters.message });
      return;
    }
    const mask = request.fieldMask ?? request.experimental?.fieldMask;
    const until = millisOf(request.until) ?? Infinity;
    const waiting: Recorded[] = [];
    const past = selectRecorded(rings.all(), request, filters.match);
    const leave = request.follow ? rings.listen((recorded) => waiting.push(recorded)) : () => undefined;
    call.on('close', leave);
    call.on('cancelled', leave);

    async function tell(recorded: readonly Recorded[]): Promise<void> {
      for (let index = 0; index < recorded.length && !call.cancelled; index += atOnce) {
        await send(
          call,
          recorded.slice(index, index + atOnce).map((each) => write(each, mask)),
        );
        await nextTurn();
      }
    }

    await send(call, [nodeStatus(rings)]);
    await tell(past);
    while (request.follow && !call.cancelled && open.has(call)) {
      const fresh = waiting.splice(0);
      await tell(fresh.filter(({ event }) => event.time <= until && (!isFlow(event) || filters.match(event))));
      await new Promise((resolve) => setTimeout(resolve, followEveryMs));
    }
    leave();
    call.end();
  }

  return {
    answer(call) {
      open.add(call);
      stream(call)
        .catch((error: unknown) => call.emit('error', { code: status.INTERNAL, details: String(error) }))
        .finally(() => open.delete(call));
    },
    close: () => open.clear(),
  };
}

async function send(call: Call, messages: readonly Uint8Array[]): Promise<void> {
  let isFull = false;
  for (const message of messages) {
    if (call.cancelled) return;
    isFull = !call.write(message);
  }
  if (isFull) await drained(call);
}

function nodeStatus(rings: Rings): Uint8Array {
  const nodeNames = rings.counts().map(({ name }) => `${clusterName}/${name}`);
  const value = { stateChange: relayWire.NodeState.NODE_CONNECTED, nodeNames };
  return responseBytes({ responseTypes: { case: 'nodeStatus', value } });
}

/** Waits until the client has read on, or is gone. */
async function drained(call: Call): Promise<void> {
  await new Promise<void>((resolve) => {
    const signs = ['drain', 'cancelled', 'close'];
    const go = (): void => {
      for (const sign of signs) call.off(sign, go);
      resolve();
    };
    for (const sign of signs) call.on(sign, go);
  });
}
