import { expect, test } from 'vitest';
import type { FlowEvent } from '../events/flow-event.ts';
import type { End } from '../traffic/ends.ts';
import { createCounters } from './counters.ts';

const source = { namespace: 'shop' } as End;
const destination = { namespace: '' } as End;
const trace: FlowEvent = {
  kind: 'trace',
  time: 0,
  node: 'w01',
  verdict: 'FORWARDED',
  source,
  destination,
  protocol: 'TCP',
  sourcePort: 1,
  destinationPort: 2,
  direction: 'egress',
  point: 'to-stack',
};

test('every event is counted once, under the namespaces of its ends, drops and losses besides', () => {
  const counters = createCounters();
  const drop: FlowEvent = { ...trace, kind: 'drop', verdict: 'DROPPED', dropReason: 'POLICY_DENIED' };
  const l7: FlowEvent = {
    ...trace,
    kind: 'l7',
    l7: { type: 'REQUEST', latencyNs: 0, dns: { query: 'a.', ips: [], rcode: 0 } },
  };
  counters.count([trace, trace, drop, l7, { kind: 'lost', time: 0, node: 'w01', count: 30 }]);
  const all = counters.all().map(({ name, samples }) => [name, Object.fromEntries(samples)]);
  expect(Object.fromEntries(all)).toEqual({
    hubble_flows_processed_total: {
      'destination="",protocol="TCP",source="shop",subtype="to-stack",type="Trace",verdict="FORWARDED"': 2,
      'destination="",protocol="TCP",source="shop",subtype="",type="Drop",verdict="DROPPED"': 1,
      'destination="",protocol="DNS",source="shop",subtype="DNS",type="L7",verdict="FORWARDED"': 1,
    },
    hubble_drop_total: { 'destination="",protocol="TCP",reason="POLICY_DENIED",source="shop"': 1 },
    hubble_lost_events_total: { 'source="perf_event_ring_buffer"': 30 },
  });
});
