import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowSource } from '@bartizan/backends';
import { openRelay } from '@bartizan/backends/hubble';
import type { RelayTls } from '@bartizan/backends/hubble';
import { collectFlows } from '@bartizan/server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificates } from './servers/certificates.ts';
import { exported, seededLines } from './servers/flow-lines.ts';
import { openHistory } from './servers/history.ts';
import { hubbleMissing, startNode, startRelay } from './servers/hubble.ts';
import type { HubbleNode, HubbleRelay } from './servers/hubble.ts';
import { freePorts, until } from './servers/process.ts';

const relayName = 'ui.hubble-relay.cilium.io';
const source = 'prod';
const clock = () => new Date();
const { signal } = new AbortController();
const all = { scope: { kind: 'all' }, filter: [] } as const;

describe.skipIf(hubbleMissing !== null)(`a real Relay that cannot be spoken to (${hubbleMissing ?? 'TLS'})`, () => {
  let folder: string;
  let node: HubbleNode;
  const relays: HubbleRelay[] = [];
  let plain: string;
  let mutual: string;
  let expired: string;
  const opened: FlowSource[] = [];

  const files = (name: string) => {
    const file = (kind: string): string => join(folder, `${name}.${kind}`);
    return { ca: file('ca.crt'), certificate: file('crt'), key: file('key') };
  };

  async function relayWith(tls?: Parameters<typeof startRelay>[1]): Promise<string> {
    const relay = await startRelay(node, tls);
    relays.push(relay);
    return relay.address;
  }

  function open(address: string, tls?: RelayTls): FlowSource {
    const flows = openRelay({ name: source, address, tls, clock, timeoutMs: 5000 });
    opened.push(flows);
    return flows;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bartizan-relay-tls-'));
    node = await startNode({ name: 'node-a' });
    const tls = await makeCertificates(folder, { name: 'relay', names: [relayName] });
    const old = await makeCertificates(folder, { name: 'old', names: [relayName], days: -1 });
    await makeCertificates(folder, { name: 'stranger' });
    plain = await relayWith();
    mutual = await relayWith({ tls });
    expired = await relayWith({ tls: old, asksForCertificate: false });
    await until('Relay answers', () => open(mutual, { ...files('relay'), serverName: relayName }).status(signal));
    await until('Relay answers without TLS', () => open(plain).status(signal));
  });

  afterAll(async () => {
    await Promise.all(opened.map((flows) => flows.close()));
    await Promise.all(relays.map((relay) => relay.stop()));
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is read with a client certificate, also under the name of another host', async () => {
    const status = await open(mutual, { ...files('relay'), serverName: relayName }).status(signal);
    expect(status.version).toMatch(/hubble/);
  });

  test.each<[string, () => [string, RelayTls?], RegExp]>([
    [
      'its certificate has expired',
      () => [expired, { ca: files('old').ca }],
      /its certificate expired at 2\d{3}-\d\d-\d\dT/,
    ],
    [
      'its certificate is for another name',
      () => [mutual, { ...files('relay'), serverName: 'relay.example' }],
      /its certificate is for .*DNS:ui\.hubble-relay\.cilium\.io, and not for relay\.example; give the name as relay\.tls\.serverName/,
    ],
    [
      'another authority signed its certificate',
      () => [mutual, { ...files('relay'), ca: files('stranger').ca }],
      /its certificate is signed by relay-ca, which is not trusted .*; give that authority as relay\.tls\.ca/,
    ],
    ['no authority is given', () => [mutual, {}], /is signed by relay-ca, which is not trusted/],
    [
      'it asks for a client certificate',
      () => [mutual, { ca: files('relay').ca }],
      /it asks for a client certificate; give relay\.tls\.certificate and relay\.tls\.key/,
    ],
    [
      'it does not know who signed ours',
      () => [mutual, { ...files('stranger'), ca: files('relay').ca }],
      /it does not accept our client certificate/,
    ],
    ['it speaks TLS and we do not', () => [mutual], /it speaks TLS, and plaintext was tried; give relay\.tls/],
    ['we speak TLS and it does not', () => [plain, {}], /it does not speak TLS; leave relay\.tls out/],
    ['a file is not there', () => [mutual, { ca: join(folder, 'none') }], /relay\.tls\.ca: ENOENT.*none/],
    [
      'a file is something else',
      () => [mutual, { ...files('relay'), certificate: files('relay').key }],
      /the files of relay\.tls do not fit/,
    ],
  ])('says so where %s', async (_, asked, message) => {
    await expect(open(...asked()).status(signal)).rejects.toMatchObject({
      name: 'SourceError',
      code: 'bad-response',
      message,
    });
  });

  test('where nobody listens it is unreachable', async () => {
    const [nobody] = await freePorts(1);
    const address = `127.0.0.1:${nobody}`;
    await expect(open(address).status(signal)).rejects.toMatchObject({
      code: 'unreachable',
      message: new RegExp(`prod could not ask Hubble Relay for its status at ${address}: .*ECONNREFUSED`),
    });
  });
});

describe.skipIf(hubbleMissing !== null)(
  `a real Relay that comes and goes (${hubbleMissing ?? 'and is followed'})`,
  () => {
    let folder: string;
    let fed = 0;
    const closers: (() => Promise<unknown>)[] = [];

    afterEach(async () => {
      for (const close of closers.splice(0).toReversed()) await close();
      fed = 0;
    });

    /** A node, Relay before it and the history behind it, all of this test. */
    async function follow(options: { readonly mutual?: boolean } = {}) {
      folder = await mkdtemp(join(tmpdir(), 'bartizan-relay-comes-'));
      closers.push(() => rm(folder, { recursive: true, force: true }));
      const certificates = () => makeCertificates(folder, { name: 'relay' });
      const tls = options.mutual ? await certificates() : undefined;
      const node = await startNode({ name: 'node-a', ring: 65_535 });
      const relay = await startRelay(node, tls ? { tls } : {});
      const store = await openHistory(join(folder, 'history.duckdb'));
      const client = tls && { ca: tls.ca, certificate: tls.cert, key: tls.key };
      const flows = openRelay({ name: source, address: relay.address, tls: client, clock, timeoutMs: 5000 });
      const collector = collectFlows({ name: source, location: relay.address, source: flows, store, clock });
      closers.push(
        () => node.stop(),
        () => relay.stop(),
        () => store.close(),
        () => collector.close(),
      );
      const feed = (count: number): void => {
        node.feed(seededLines({ count, fromMs: Date.now(), prefix: `fed-${fed}` }).map(exported));
        fed += count;
      };
      const totals = () =>
        store.statistics({ ...all, window: { fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000 } });
      // Hubble's ring shows an event only once another one has come behind it.
      const allStored = () => expect.poll(async () => (await totals()).total, { timeout: 30_000 }).toBe(fed - 1);
      return { relay, collector, certificates, feed, allStored };
    }

    test('new certificates on disk are taken with the next connection', async () => {
      const { relay, collector, certificates, feed, allStored } = await follow({ mutual: true });
      feed(200);
      await allStored();
      await relay.stop();
      await certificates();
      await relay.start();
      feed(200);
      await allStored();
      expect(collector.status()).toMatchObject({ state: 'ok' });
    });

    test('restarts every few seconds lose nothing and double nothing, and are said', { timeout: 90_000 }, async () => {
      const { relay, collector, feed, allStored } = await follow();
      for (let round = 0; round < 4; round += 1) {
        feed(500);
        await until('it is connected', () => (collector.status().state === 'ok' ? true : undefined));
        await relay.stop();
        feed(100);
        await until('the break is seen', () => (collector.status().state === 'ok' ? undefined : true));
        await relay.start();
      }
      await allStored();
      expect(collector.status()).toMatchObject({
        state: 'ok',
        reason: /the connection broke \d+ times in a row; the last time: /,
      });
    });
  },
);
