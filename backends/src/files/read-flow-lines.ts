import { readExportLine } from '@bartizan/flow';
import type { ExportEntry, FlowRecord } from '@bartizan/flow';
import { createFlowLosses } from '../flow-losses.ts';
import type { FlowBatch, FlowNote } from '../flow-store.ts';
import { absenceInWords, createNodeAbsences } from '../node-absences.ts';
import { createNodeClocks } from '../node-clocks.ts';
import type { FlowSourceEvent } from '../flow-source.ts';
import type { PlacedRecord } from './followed-log.ts';

/** Makes events of the lines of export files; what has been made is taken as one batch. */
export interface FlowLineReader {
  add(line: PlacedRecord): void;
  readonly count: number;
  take(): Pick<FlowBatch, 'flows' | 'gaps'> & { readonly notes: readonly FlowNote[] };
}

export function createFlowLineReader(options: {
  readonly source: string;
  readonly clock: () => Date;
  readonly onMalformed: (line: PlacedRecord, reason: string) => void;
}): FlowLineReader {
  const { source, clock, onMalformed } = options;
  const losses = createFlowLosses(source);
  const absences = createNodeAbsences();
  const clocks = createNodeClocks({ source, clock });
  const nowMs = (): number => clock().getTime();
  let flows: FlowRecord[] = [];
  let gaps: FlowBatch['gaps'][number][] = [];
  const notes = new Map<string, FlowNote>();
  const timeless = new Map<number, string>();

  function addEvents(events: readonly FlowSourceEvent[]): void {
    for (const event of events) {
      if (event.kind === 'flow') flows.push(event.flow);
      else if (event.kind === 'lost') addNote(losses.add(event));
      else {
        const [from, to] = [event.fromMs, event.toMs].map((ms) => (ms === null ? null : new Date(ms).toISOString()));
        gaps.push({ source, reason: event.reason, ...(from ? { from } : {}), ...(to ? { to } : {}) });
      }
    }
  }

  function addNote(note: FlowNote): void {
    notes.set(note.key, note);
  }

  function addFlow({ log }: PlacedRecord, flow: FlowRecord): void {
    const atMs = Date.parse(flow.time);
    if (!Number.isNaN(atMs)) log.sawTime(atMs);
    if (flow.node !== null) addEvents(absences.end(flow.node, Number.isNaN(atMs) ? nowMs() : atMs));
    gaps.push(...clocks.see(flow));
    flows.push(flow);
    if (flow.aggregate !== null) noteAggregate(log, atMs);
    if (Number.isNaN(atMs)) noteTimeless(log);
  }

  /** A field mask without `time` takes it from the line as well, and so does a clock that was never set. */
  function noteTimeless({ id, path }: PlacedRecord['log']): void {
    const now = clock().toISOString();
    const first = timeless.get(id) ?? now;
    timeless.set(id, first);
    const reason = `${path} has events without a time: they count as of when they were read`;
    addNote({ key: `${source}:timeless:${id}`, source, reason, from: first, to: now });
  }

  /** The exporter sums up events where it is told to; what they were each cannot be told any more. */
  function noteAggregate(log: PlacedRecord['log'], atMs: number): void {
    const timeAt = (ms: number): string => new Date(Number.isNaN(ms) ? nowMs() : ms).toISOString();
    const from = timeAt(log.firstMs ?? atMs);
    const reason = `${log.path} has lines that stand for several events each (hubble.export fieldAggregate): a line counts as one`;
    addNote({ key: `${source}:aggregate:${log.id}`, source, reason, from, to: timeAt(log.lastMs ?? atMs) });
  }

  function addEntry(line: PlacedRecord, entry: ExportEntry): void {
    switch (entry.kind) {
      case 'flow':
        return addFlow(line, entry.record);
      case 'lost-events': {
        const atMs = timeOf(entry.time);
        const { source: place, node, count } = entry;
        return addEvents([{ kind: 'lost', place, node: node ?? '', count, fromMs: atMs, toMs: atMs }]);
      }
      case 'node-status': {
        const fromMs = timeOf(entry.time);
        for (const node of entry.nodes)
          addEvents(
            entry.state === 'NODE_CONNECTED'
              ? absences.end(node, fromMs)
              : absences.begin(node, { fromMs, reason: absenceInWords(node, entry) }),
          );
        return;
      }
      case 'other':
        return;
      case 'broken':
        return onMalformed(line, entry.reason);
      default:
        return entry satisfies never;
    }
  }

  const timeOf = (time: string): number => {
    const ms = Date.parse(time);
    return Number.isNaN(ms) ? nowMs() : ms;
  };

  return {
    add(line) {
      if (line.isCut) return onMalformed(line, 'it is longer than a line may be, or cut');
      const { buffer, byteOffset, length } = line.bytes;
      for (const entry of readExportLine(Buffer.from(buffer, byteOffset, length).toString('utf8')))
        addEntry(line, entry);
    },
    get count() {
      return flows.length;
    },
    take() {
      const taken = { flows, gaps, notes: [...notes.values()] };
      flows = [];
      gaps = [];
      notes.clear();
      return taken;
    },
  };
}
