import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { FlowSourceEvent } from '../flow-source.ts';
import { flowBytes, startFakeRelay } from './fake-relay.fixture.ts';
import { openRelay } from './index.ts';
import type { RelayOptions } from './index.ts';

const nowMs = Date.parse('2026-06-15T12:00:00Z');
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function relayThat(script: Parameters<typeof startFakeRelay>[0]) {
  const relay = await startFakeRelay(script);
  closers.push(relay.close);
  return relay;
}

function open(address: string, options: Partial<RelayOptions> = {}) {
  const source = openRelay({ name: 'prod', address, clock: () => new Date(nowMs), ...options });
  closers.push(() => source.close());
  return source;
}

/** Events until so many have come, or the stream breaks. */
async function read(address: string, count: number): Promise<{ events: FlowSourceEvent[]; error: unknown }> {
  const stop = new AbortController();
  const events: FlowSourceEvent[] = [];
  try {
    for await (const some of open(address).follow({ sinceMs: null, signal: stop.signal })) {
      events.push(...some);
      if (events.length >= count) break;
    }
    return { events, error: null };
  } catch (error) {
    return { events, error };
  } finally {
    stop.abort();
  }
}

const idsOf = (events: readonly FlowSourceEvent[]) =>
  events.flatMap((event) => (event.kind === 'flow' ? [event.flow.id] : []));
/** Field 1, of a length that the message does not have. */
const rubbish = Buffer.from([0x0a, 0xff, 0x7f, 0x01]);

test('messages that cannot be read are passed over and counted, and those behind them are read', async () => {
  const relay = await relayThat({
    onFollow(call) {
      for (const bytes of [flowBytes('a', nowMs), rubbish, rubbish, flowBytes('b', nowMs)]) call.write(bytes);
    },
  });
  const { events } = await read(relay.address, 4);
  expect(idsOf(events)).toEqual(['a', 'b']);
  const lost = { kind: 'lost', place: 'unreadable', node: '', count: 1, fromMs: nowMs, toMs: nowMs };
  expect(events.slice(1, 3)).toEqual([lost, lost]);
});

test('a message as large as no event is, is passed over too, and a larger one breaks the stream with its reason', async () => {
  const large = flowBytes('large', nowMs, { summary: 'x'.repeat(5 * 1024 * 1024) });
  const relay = await relayThat({
    onFollow(call) {
      for (const bytes of [large, flowBytes('b', nowMs), Buffer.alloc(65 * 1024 * 1024)]) call.write(bytes);
    },
  });
  const { events, error } = await read(relay.address, 3);
  expect(events.map(({ kind }) => kind)).toEqual(['lost', 'flow']);
  expect(error).toMatchObject({ name: 'SourceError', code: 'bad-response', message: /larger than max/ });
});

test('a message that says nothing is nothing', async () => {
  const relay = await relayThat({
    onFollow: (call) => [Buffer.alloc(0), flowBytes('a', nowMs)].forEach((bytes) => call.write(bytes)),
  });
  expect((await read(relay.address, 1)).events).toMatchObject([{ kind: 'flow' }]);
});

test.each([
  ['UNIMPLEMENTED', 12, 'bad-response'],
  ['PERMISSION_DENIED', 7, 'forbidden'],
  ['UNAUTHENTICATED', 16, 'unauthorized'],
  ['INTERNAL', 13, 'bad-response'],
  ['ABORTED', 10, 'unreachable'],
])('a refusal with %s names what was tried, and the words of the server', async (_, code, expected) => {
  const relay = await relayThat({ onStatus: (answer) => answer({ code, details: 'not today' }) });
  const { signal } = new AbortController();
  await expect(open(relay.address).status(signal)).rejects.toMatchObject({
    code: expected,
    message: `prod could not ask Hubble Relay for its status at ${relay.address}: not today`,
  });
});

test('a status of rubbish is a bad answer', async () => {
  const relay = await relayThat({ onStatus: (answer) => answer(null, rubbish) });
  const asked = open(relay.address).status(new AbortController().signal);
  await expect(asked).rejects.toMatchObject({ code: 'bad-response' });
});

test('a Relay that never answers is given up, and one that falls silent is asked whether it is still there', async () => {
  let isAnswering = true;
  const relay = await relayThat({
    onStatus: (answer) => (isAnswering ? answer({ code: 12, details: 'no' }) : undefined),
  });
  isAnswering = false;
  const source = open(relay.address, { timeoutMs: 100, silenceMs: 50 });
  const { signal } = new AbortController();
  await expect(source.status(signal)).rejects.toMatchObject({ code: 'timeout' });
  await expect(source.follow({ sinceMs: null, signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: 'timeout',
    message: /follow the flows/,
  });
});

test('a server that speaks no gRPC, and one that hangs up at once, are named', async () => {
  const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const rude = createServer((socket) => socket.destroy());
  for (const server of [web, rude]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const at = server.address();
    const address = `127.0.0.1:${typeof at === 'object' ? at?.port : ''}`;
    const asked = open(address, { timeoutMs: 1000 }).status(new AbortController().signal);
    await expect(asked).rejects.toMatchObject({ name: 'SourceError', message: /could not ask Hubble Relay/ });
  }
});

test('a source that is not read holds the server back', async () => {
  let sent = 0;
  const text = 'x'.repeat(10_000);
  const relay = await relayThat({
    onFollow(call) {
      const send = (): void => {
        while (sent < 5000) {
          sent += 1;
          if (!call.write(flowBytes(`${sent}`, nowMs, { summary: text }))) return void call.once('drain', send);
        }
      };
      send();
    },
  });
  const events = open(relay.address)
    .follow({ sinceMs: null, signal: AbortSignal.timeout(30_000) })
    [Symbol.asyncIterator]();
  const next = async (): Promise<number> => {
    const { value } = await events.next();
    return Array.isArray(value) ? value.length : 0;
  };
  let read = await next();
  let before = -1;
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(sent).toBeLessThan(1000);
  while (read < 5000) read += await next();
  expect(sent).toBe(5000);
  await events.return?.();
});
