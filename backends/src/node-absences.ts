import type { FlowSourceEvent } from './flow-source.ts';

/** A node's absence has a beginning and an end: Hubble says when a node is lost, and not when it is back. */
export interface NodeAbsences {
  begin(node: string, absence: { readonly fromMs: number; readonly reason: string }): readonly FlowSourceEvent[];
  /** Where it is back before it went, it sends anew what it had and nothing is missing. */
  end(node: string, atMs: number): readonly FlowSourceEvent[];
}

export function createNodeAbsences(): NodeAbsences {
  const away = new Map<string, { readonly fromMs: number; readonly reason: string }>();
  return {
    begin(node, absence) {
      if (away.has(node)) return [];
      away.set(node, absence);
      return [{ kind: 'gap', ...absence, toMs: null }];
    },
    end(node, atMs) {
      const absence = away.get(node);
      if (absence === undefined) return [];
      away.delete(node);
      return [{ kind: 'gap', ...absence, toMs: Math.max(atMs, absence.fromMs) }];
    },
  };
}

/** `state` by the name of Relay's `NodeState`. */
export function absenceInWords(node: string, { state, message }: { state: string; message: string }): string {
  const because = message === '' ? '' : `: ${message}`;
  return state === 'NODE_ERROR' ? `node ${node} failed${because}` : `no events from node ${node}${because}`;
}
