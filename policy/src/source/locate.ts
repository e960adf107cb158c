import type { MapEntry, MapNode, SourceNode } from './nodes.ts';
import type { PathPart } from './path.ts';
import { isMergeKey, keyText } from './plain-value.ts';

export interface Located {
  readonly node: SourceNode;
  /** The entry that holds the node, when it is the value of a key. */
  readonly entry?: MapEntry;
  /** How many parts of the path exist. */
  readonly depth: number;
}

/** Where the keys of the maps looked into stand, so that many look-ups in a large map stay cheap. */
export type KeyIndex = Map<MapNode, MapKeys>;

interface MapKeys {
  readonly own: ReadonlyMap<string, MapEntry>;
  readonly merges: readonly MapEntry[];
}

/** Follows a path into the written nodes, through aliases and merges, as far as it exists. */
export function locate(root: SourceNode, path: readonly PathPart[], keys: KeyIndex = new Map()): Located {
  let found: Located = { node: root, depth: 0 };
  for (const part of path) {
    const next = step(found.node, part, keys);
    if (next === undefined) return found;
    found = { ...next, depth: found.depth + 1 };
  }
  return found;
}

type Step = Omit<Located, 'depth'>;

function step(node: SourceNode, part: PathPart, keys: KeyIndex): Step | undefined {
  if (node.kind === 'alias') return step(node.target, part, keys);
  if (node.kind === 'list') {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return item === undefined ? undefined : { node: item.value };
  }
  if (node.kind !== 'map') return undefined;
  const { own: entries, merges } = keysOf(node, keys);
  const own = entries.get(String(part));
  for (const merge of merges) {
    if (own !== undefined && merge.start < own.start) break;
    const merged = stepIntoMerge(merge.value, part, keys);
    if (merged !== undefined) return merged;
  }
  return own === undefined ? undefined : { node: own.value, entry: own };
}

/** Of a key that is set twice the last entry. */
function keysOf(node: MapNode, keys: KeyIndex): MapKeys {
  const known = keys.get(node);
  if (known !== undefined) return known;
  const index = new Map<string, MapEntry>();
  for (const entry of node.entries) {
    const key = isMergeKey(entry.key) ? undefined : keyText(entry.key);
    if (key !== undefined) index.set(key, entry);
  }
  const found = { own: index, merges: node.entries.filter((entry) => isMergeKey(entry.key)).toReversed() };
  keys.set(node, found);
  return found;
}

function stepIntoMerge(source: SourceNode, part: PathPart, keys: KeyIndex): Step | undefined {
  if (source.kind !== 'list') return step(source, part, keys);
  for (const item of source.items) {
    const found = step(item.value, part, keys);
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
