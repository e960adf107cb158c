import type { MapEntry, MapNode, SourceNode } from '../source/nodes.ts';
import type { PathPart } from '../source/path.ts';
import { keyText } from '../source/plain-value.ts';

/** One step on the way into a manifest: the node as it is written, and the entry whose value it is. */
export interface Step {
  readonly node: SourceNode;
  readonly entry?: MapEntry;
  /** The map that holds the entry. */
  readonly map?: MapNode;
}

/** Follows a path as far as it is written, without following merges; aliases are followed and stay visible as steps. */
export function walk(root: SourceNode, path: readonly PathPart[]): readonly Step[] {
  const steps: Step[] = [];
  let at: SourceNode = root;
  for (const part of path) {
    const step = stepInto(at.kind === 'alias' ? at.target : at, part);
    if (step === undefined) return steps;
    steps.push(step);
    at = step.node;
  }
  return steps;
}

function stepInto(node: SourceNode, part: PathPart): Step | undefined {
  if (node.kind === 'list') {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return item && { node: item.value };
  }
  if (node.kind !== 'map') return undefined;
  const entry = node.entries.findLast(({ key }) => keyText(key) === part);
  return entry && { node: entry.value, entry, map: node };
}
