import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConnectionReader } from './connections.ts';
import { createExportReader } from './export-reader.ts';
import { FlowRecord } from './record.ts';

const line = JSON.stringify({
  flow: {
    time: '2026-06-15T12:00:00Z',
    verdict: 'FORWARDED',
    IP: { source: '10.0.1.5', destination: '10.0.2.9' },
    l4: { TCP: { source_port: 41000, destination_port: 8080, flags: { SYN: true } } },
    source: {
      namespace: 'shop',
      labels: ['k8s:app=web'],
      pod_name: 'web-0',
      workloads: [{ name: 'web', kind: 'StatefulSet' }],
    },
    destination: { identity: 2, labels: ['reserved:world'] },
    l7: { type: 'REQUEST', http: { method: 'GET', url: '/', headers: [{ key: 'a', value: 'b' }] } },
    event_type: { type: 5 },
    is_reply: false,
  },
  node_name: 'default/n1',
});

const broken = fc
  .tuple(fc.nat(line.length), fc.nat(20), fc.string({ maxLength: 8 }))
  .map(([at, length, text]) => line.slice(0, at) + text + line.slice(at + length));
const nested = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(
        'flow',
        'IP',
        'l4',
        'TCP',
        'source',
        'labels',
        'verdict',
        'time',
        'l7',
        'http',
        'event_type',
        '__proto__',
      ),
      tie('value'),
    ),
  ),
})).value;
const anyLine = fc.oneof(
  broken,
  fc.string(),
  nested.map((value) => JSON.stringify(value)),
);

test('no line, however broken, is fatal, and what is read has the shape of a record', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 8 }), (lines) => {
      const reader = createExportReader();
      const connections = createConnectionReader();
      for (const entry of [...lines.flatMap((text) => reader.line(text)), ...reader.end()]) {
        if (entry.kind !== 'flow') continue;
        expect(FlowRecord.safeParse(entry.record).success).toBe(true);
        connections.add(entry.record);
      }
      expect(connections.finish().coverage.connections).toBeLessThanOrEqual(lines.length);
    }),
    { numRuns: 500 },
  );
});
