import { expect, test } from 'vitest';
import { readExportLine } from './export-line.ts';
import { createExportReader } from './export-reader.ts';

const flow = {
  flow: {
    time: '2026-06-15T12:00:00Z',
    verdict: 'FORWARDED',
    l4: { TCP: { source_port: 41000, destination_port: 8080 } },
    source: { namespace: 'shop', labels: ['k8s:app=web'] },
    destination: { namespace: 'shop', labels: ['k8s:app=api'] },
    event_type: { type: 5 },
    traffic_direction: 'INGRESS',
  },
  node_name: 'default/n1',
  time: '2026-06-15T12:00:00Z',
};
const status = {
  node_status: { state_change: 'NODE_UNAVAILABLE', node_names: ['default/n2'] },
  node_name: 'default/n1',
  time: '2026-06-15T12:00:01Z',
};
const lost = {
  lost_events: { source: 'HUBBLE_RING_BUFFER', num_events_lost: '17' },
  node_name: 'default/n1',
  time: '2026-06-15T12:00:02Z',
};
const line = JSON.stringify(flow);

function kinds(text: string): string[] {
  const reader = createExportReader();
  return [...text.split('\n').flatMap((one) => reader.line(one)), ...reader.end()].map((entry) => entry.kind);
}

test('node status and lost events are told apart from flows', () => {
  expect(readExportLine(JSON.stringify(status))).toEqual([
    {
      kind: 'node-status',
      time: '2026-06-15T12:00:01Z',
      state: 'NODE_UNAVAILABLE',
      nodes: ['default/n2'],
      message: '',
    },
  ]);
  expect(readExportLine(JSON.stringify(lost))).toEqual([
    {
      kind: 'lost-events',
      time: '2026-06-15T12:00:02Z',
      node: 'default/n1',
      source: 'HUBBLE_RING_BUFFER',
      count: 17,
    },
  ]);
});

test.each([
  ['with its envelope', line],
  ['without its envelope', JSON.stringify(flow.flow)],
  ["inside a line of the agent's log", `level=info msg=${JSON.stringify(line)} subsys=hubble`],
  ['inside a JSON log line', JSON.stringify({ level: 'info', msg: line })],
  ['behind the prefix of a container log', `2026-06-15T12:00:00.1Z stdout F ${line}`],
])('a flow is read %s', (_, text) => {
  const [entry] = readExportLine(text);
  expect(entry).toMatchObject({
    kind: 'flow',
    record: { type: 'PolicyVerdict', direction: 'ingress', time: '2026-06-15T12:00:00Z' },
  });
});

test('the name of the node comes from the envelope where the flow has none', () => {
  expect(readExportLine(line)).toMatchObject([{ record: { node: 'default/n1' } }]);
});

test.each([
  ['a line that was cut', '{"flow":{"time":"2026-06-15T12:00:04Z","verdict":"FORWA'],
  ['text', 'hello'],
  ['a number', '7'],
  ['some other object', '{"a":1}'],
  ['deep nesting that does not end', '['.repeat(50_000)],
  ['deep nesting', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['deep objects', `${'{"result":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
])('%s is broken, never fatal', (_, text) => {
  expect(readExportLine(text).map((entry) => entry.kind)).toEqual(['broken']);
});

test('fields of the wrong type count as absent', () => {
  const odd = { flow: { time: 5, verdict: {}, l4: [], source: 'x', destination: { labels: [1, 'k8s:a=b'] }, l7: 1 } };
  expect(readExportLine(JSON.stringify(odd))).toMatchObject([
    { kind: 'flow', record: { time: '', verdict: 'UNKNOWN', destination: { labels: ['k8s:a=b'] } } },
  ]);
});

test.each([
  ['a line each', [flow, status, lost].map((value) => JSON.stringify(value)).join('\n')],
  ['one list in one line', JSON.stringify([flow, status, lost])],
  ['one list over many lines', JSON.stringify([flow, status, lost], null, 2)],
  ['a list with an object a line', `[\n${[flow, status, lost].map((value) => JSON.stringify(value)).join(',\n')}\n]`],
  ['objects over many lines', [flow, status, lost].map((value) => JSON.stringify(value, null, 2)).join('\n')],
  ['lines that end as on Windows', [flow, status, lost].map((value) => JSON.stringify(value)).join('\r\n')],
])('the same is read from %s', (_, text) => {
  expect(kinds(text)).toEqual(['flow', 'node-status', 'lost-events']);
});

test('an object over many lines that was cut does not swallow the next', () => {
  const cut = JSON.stringify(flow, null, 2).split('\n').slice(0, 6).join('\n');
  expect(kinds(`${cut}\n${JSON.stringify(flow, null, 2)}\n${line}`)).toEqual(['broken', 'flow', 'flow']);
});
