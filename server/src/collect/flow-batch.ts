import type { Gap } from '@bartizan/api';
import type { FlowNote, FlowWriter } from '@bartizan/backends';
import type { FlowRecord } from '@bartizan/flow';

/** What has come and is not stored yet: one batch that is being written, and one that is being filled. */
export interface FlowBatcher {
  add(flow: FlowRecord): void;
  /** Waits where the store is slower than the source: a source that is not read does not send on, and says itself what it lost. */
  room(): Promise<void>;
  addGap(gap: Gap): void;
  addNote(note: FlowNote): void;
  /** Writes what there is, or waits for what is being written. */
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

  /** One that failed stays: all that comes later fails as it did. */
  function begin(): Promise<void> {
    const begun = write().then(() => {
      writing = null;
    });
    begun.catch(() => undefined);
    writing = begun;
    return begun;
  }

  async function writeNow({ evenEmpty } = { evenEmpty: false }): Promise<void> {
    const isEmpty = flows.length === 0 && gaps.length === 0 && notes.size === 0;
    if (writing !== null || (isEmpty && !evenEmpty)) return writing ?? undefined;
    await begin();
  }

  return {
    add(flow) {
      flows.push(flow);
      lastMs = performance.now();
    },
    async room() {
      if (flows.length < mostFlows) return;
      await writing;
      void begin();
    },
    addGap: (gap) => void gaps.push(gap),
    addNote: (note) => void notes.set(note.key, note),
    writeNow,
    async finish() {
      await writing;
      await writeNow();
    },
    idleMs: () => performance.now() - lastMs,
  };
}
