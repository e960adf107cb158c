import { expect, test } from 'vitest';
import { readExportLine } from './export-line.ts';
import type { FlowRecord } from './record.ts';
import { statisticsOfRecords } from './statistics.ts';

function events(verdict: string, count: number, from: string, to: string): FlowRecord[] {
  const flow = { verdict, source: { namespace: from }, destination: { namespace: to }, event_type: { type: 5 } };
  return Array.from({ length: count }, () => readExportLine(JSON.stringify({ flow }))).flatMap((entries) =>
    entries.flatMap((entry) => (entry.kind === 'flow' ? [entry.record] : [])),
  );
}

test('only DROPPED is dropped, and every verdict is kept apart', () => {
  const records = [
    ...events('FORWARDED', 6, 'edge', 'shop'),
    ...events('DROPPED', 2, 'edge', 'shop'),
    ...events('AUDIT', 3, 'edge', 'shop'),
    ...events('REDIRECTED', 1, 'edge', 'shop'),
    ...events('ERROR', 1, 'edge', 'shop'),
  ];
  const statistics = statisticsOfRecords(records, new Set(['shop']));
  expect(statistics).toMatchObject({ total: 13, dropped: 2 });
  expect(statistics.byVerdict).toEqual({ FORWARDED: 6, DROPPED: 2, AUDIT: 3, REDIRECTED: 1, ERROR: 1 });
});

test('an event with both ends inside is in, out and internal, and once in the total', () => {
  const records = [
    ...events('FORWARDED', 5, 'shop', 'shop'),
    ...events('DROPPED', 3, 'shop', ''),
    ...events('FORWARDED', 2, '', 'shop'),
    ...events('FORWARDED', 4, 'other', 'third'),
  ];
  expect(statisticsOfRecords(records, new Set(['shop']))).toMatchObject({
    total: 10,
    dropped: 3,
    ingress: { total: 7, dropped: 0 },
    egress: { total: 8, dropped: 3 },
    internal: { total: 5, dropped: 0 },
  });
});
