import type { SourceNode, MapEntry } from './nodes.ts';
import type { PathPart } from './path.ts';
import { isMergeKey, keyText } from './plain-value.ts';

export interface Located {
  readonly node: SourceNode;
  /** The entry that holds the node, when it is the value of a key. */
  readonly entry?: MapEntry;
  /** How many parts of the path exist. */
  readonly depth: number;
}

/** Follows a path into the written nodes, through aliases and merges, as far as it exists. */
export function locate(root: SourceNode, path: readonly PathPart[]): Located {
  let found: Located = { node: root, depth: 0 };
  for (const part of path) {
    const next = step(found.node, part);
    if (next === undefined) return found;
    found = { ...next, depth: found.depth + 1 };
  }
  return found;
}

function step(node: SourceNode, part: PathPart): Omit<Located, 'depth'> | undefined {
  if (node.kind === 'alias') return step(node.target, part);
  if (node.kind === 'list') {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return item === undefined ? undefined : { node: item.value };
  }
  if (node.kind !== 'map') return undefined;
  const key = String(part);
  for (const entry of node.entries.toReversed()) {
    if (isMergeKey(entry.key)) {
      const merged = stepIntoMerge(entry.value, part);
      if (merged !== undefined) return merged;
    } else if (keyText(entry.key) === key) {
      return { node: entry.value, entry };
    }
  }
  return undefined;
}

function stepIntoMerge(source: SourceNode, part: PathPart): Omit<Located, 'depth'> | undefined {
  if (source.kind !== 'list') return step(source, part);
  for (const item of source.items) {
    const found = step(item.value, part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where an editor should point: at a scalar itself, else at the key that holds the collection. */
export function pointAt({ node, entry }: Located): number {
  if (entry === undefined) return node.outerStart;
  const isWrittenScalar = node.kind === 'scalar' && node.end > node.start;
  return isWrittenScalar ? node.outerStart : entry.start;
}
