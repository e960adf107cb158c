import type { Gap } from '@bartizan/api';
import type { FlowNote, FlowWriter } from '@bartizan/backends';
import type { FlowRecord } from '@bartizan/flow';

/** What has come and is not stored yet: one batch that is being written, and one that is being filled. */
export interface FlowBatcher {
  /** Waits where the store is slower than the source: a source that is not read does not send on, and says itself what it lost. */
  add(flow: FlowRecord): Promise<void>;
  addGap(gap: Gap): void;
  addNote(note: FlowNote): void;
  /** Writes what there is, unless something is being written. */
  writeNow(options?: { readonly evenEmpty: boolean }): Promise<void>;
  /** All of it is stored. */
  finish(): Promise<void>;
  /** Since an event came. */
  idleMs(): number;
}

const mostFlows = 4000;

export function createFlowBatcher(options: {
  readonly source: string;
  readonly store: FlowWriter;
  readonly onStored: (flows: readonly FlowRecord[]) => void;
}): FlowBatcher {
  const { source, store } = options;
  let flows: FlowRecord[] = [];
  let gaps: Gap[] = [];
  let notes = new Map<string, FlowNote>();
  let lastMs = performance.now();
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    const batch = { source, flows, gaps, notes: [...notes.values()] };
    flows = [];
    gaps = [];
    notes = new Map();
    await store.append(batch);
    options.onStored(batch.flows);
  }

  async function writeNow({ evenEmpty } = { evenEmpty: false }): Promise<void> {
    const isEmpty = flows.length === 0 && gaps.length === 0 && notes.size === 0;
    if (writing !== null || (isEmpty && !evenEmpty)) return;
    writing = write().finally(() => (writing = null));
    await writing;
  }

  async function finish(): Promise<void> {
    await writing;
    await writeNow();
  }

  return {
    async add(flow) {
      flows.push(flow);
      lastMs = performance.now();
      if (flows.length >= mostFlows) await finish();
    },
    addGap: (gap) => void gaps.push(gap),
    addNote: (note) => void notes.set(note.key, note),
    writeNow,
    finish,
    idleMs: () => performance.now() - lastMs,
  };
}
