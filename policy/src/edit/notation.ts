import type { MapEntry, SourceNode } from '../source/nodes.ts';
import { scalarText } from './scalar-text.ts';

/** `json` where every key is in double quotes: text that only a YAML reader understands must not get in. */
export type Notation = 'yaml' | 'json';

/** How the surroundings are written: `nodes` from the nearest outwards. */
export function notationOf(...nodes: readonly (SourceNode | MapEntry | undefined)[]): Notation {
  for (const node of nodes) {
    const key = node === undefined ? undefined : 'key' in node ? node.key : firstKey(node);
    if (key?.kind === 'scalar') return key.style === 'double-quoted' ? 'json' : 'yaml';
  }
  return 'yaml';
}

function firstKey(node: SourceNode): SourceNode | undefined {
  return node.kind === 'map' ? node.entries[0]?.key : undefined;
}

export function keyText(key: string, notation: Notation): string {
  return scalarText(key, notation === 'json' ? 'double' : 'as-needed');
}

export function scalarTextOf(value: null | boolean | number | string, notation: Notation): string {
  return scalarText(value, notation === 'json' ? 'double' : 'as-needed');
}

export function isEmptyValue(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.start === node.end;
}
