import { readExportLine } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { expect, test } from 'vitest';
import { event } from '../flow-store.suite.ts';
import { openDatabase } from './database.ts';
import { openFlowStore } from './flows-store.ts';

const time = '2026-06-15T12:00:00Z';
const query = {
  window: { fromMs: Date.parse(time), toMs: Date.parse(time) + 60_000 },
  scope: { kind: 'all' },
  filter: [],
} as const;
const clock = () => new Date(Date.parse(time) + 30_000);

function read(flow: object): FlowRecord {
  const [entry] = readExportLine(JSON.stringify({ flow: { time, event_type: { type: 4 }, ...flow } }));
  if (entry?.kind !== 'flow') throw new Error('not a flow');
  return entry.record;
}

const web = { identity: 40_311, namespace: 'shop', labels: ['k8s:app=web'], pod_name: 'web-0', cluster_name: 'west' };
const dns = { query: 'a.example.', qtypes: ['A'], rcode: 3 };
const headers = [{ key: 'Accept', value: 'line\nbreak' }];

test.each([
  ['a verdict with its policies', { event_type: { type: 5 }, policy_match_type: 4, egress_denied_by: [{ name: 'a' }] }],
  ['a drop', { verdict: 'DROPPED', drop_reason_desc: 'POLICY_DENIED', is_reply: true }],
  ['a request', { event_type: { type: 129 }, l7: { type: 'REQUEST', http: { method: 'GET', url: '/\n', headers } } }],
  ['a name that was asked for', { event_type: { type: 129 }, l7: { type: 'RESPONSE', dns } }],
  ['ICMP', { l4: { ICMPv4: { type: 8, code: 0 } }, trace_reason: 'NEW' }],
  ['a sum of events', { aggregate: { ingress_flow_count: 7 }, verdict: 'AUDIT' }],
  ['one from another cluster', { node_name: 'east/n1', source: web, IP: { source: '10.0.0.1' } }],
  [
    'one to a named address',
    { destination: { identity: 2, labels: [] }, destination_names: ['a.example', 'b.example'] },
  ],
  ['services', { source_service: { name: 'web', namespace: 'shop' }, destination_service: { name: 'api' } }],
  ['microseconds', { time: '2026-06-15T12:00:00.000100Z' }],
  ['nanoseconds', { time: '2026-06-15T12:00:00.000000001Z' }],
  ['a time with fewer digits', { time: '2026-06-15T12:00:00.5Z' }],
  ['a time with more digits than it needs', { time: '2026-06-15T12:00:00.500000Z' }],
  ['no time at all', { time: undefined }],
])('%s comes back as it was stored', async (_, fields) => {
  const flow = read({ uuid: 'u1', verdict: 'FORWARDED', source: web, Summary: 'TCP Flags: SYN', ...fields });
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock });
  await store.append({ source: 'prod', flows: [flow], gaps: [] });
  expect((await store.list(query, { limit: 5 })).items).toEqual([flow]);
  expect(await store.find('u1')).toEqual({ source: 'prod', flow });
  await database.close();
});

test('what would end a line ends none: other events are stored as they are', async () => {
  const strange = read({ uuid: 'a\nb\u0000', node_name: 'n\n1', source_names: ['x\n.example'], Summary: 'one\ntwo' });
  const plain = event({ id: 'plain', time });
  const database = await openDatabase({ file: ':memory:' });
  const store = await openFlowStore(database, { clock });
  for (let round = 0; round < 2; round += 1) await store.append({ source: 'prod', flows: [strange, plain], gaps: [] });
  const { items } = await store.list(query, { limit: 5 });
  expect(items).toContainEqual(plain);
  expect(items).toHaveLength(2);
  expect(items.find(({ id }) => id !== 'plain')).toMatchObject({ summary: 'one\ntwo' });
  await database.close();
});

test('events of a file of before ends were kept apart are there, beside new ones of the same ends', async () => {
  const database = await openDatabase({ file: ':memory:' });
  const [old, young] = [event({ id: 'old', time }), event({ id: 'young', time: '2026-06-15T12:00:01Z' })];
  const before = await openFlowStore(database, { clock });
  await before.append({ source: 'prod', flows: [old], gaps: [] });
  for (const sql of [
    `UPDATE flows SET detail = '${JSON.stringify(old)}'`,
    'ALTER TABLE flows DROP COLUMN source_end',
    'ALTER TABLE flows DROP COLUMN destination_end',
    'DROP TABLE flow_ends',
  ])
    await database.write((connection) => connection.run(sql));
  const store = await openFlowStore(database, { clock });
  await store.append({ source: 'prod', flows: [old, young], gaps: [] });
  expect((await store.list(query, { limit: 5 })).items).toEqual([young, old]);
  await database.close();
});
