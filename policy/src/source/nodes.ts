/**
 * A manifest as it is written. Offsets count UTF-16 units of the whole text; `start` and `end` enclose the node's own
 * text without its anchor, tag and comments, and end behind the last content, not behind the line.
 */
export type SourceNode = MapNode | ListNode | ScalarNode | AliasNode;

interface Written {
  readonly start: number;
  readonly end: number;
  /** Where `&anchor` or `!tag` begin; equal to `start` without them. */
  readonly outerStart: number;
  readonly anchor?: string;
  readonly tag?: string;
}

export interface MapNode extends Written {
  readonly kind: 'map';
  readonly style: 'block' | 'flow';
  readonly entries: readonly MapEntry[];
}

/** `start` is where the key begins, `?` included. An absent value is an empty plain scalar. */
export interface MapEntry {
  readonly start: number;
  readonly key: SourceNode;
  readonly value: SourceNode;
}

export interface ListNode extends Written {
  readonly kind: 'list';
  readonly style: 'block' | 'flow';
  readonly items: readonly ListItem[];
}

/** `start` is the dash of a block item, else where the value begins. */
export interface ListItem {
  readonly start: number;
  readonly value: SourceNode;
}

export interface ScalarNode extends Written {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';
  /** Unescaped and unfolded, not yet resolved to a type. */
  readonly text: string;
}

export interface AliasNode extends Written {
  readonly kind: 'alias';
  readonly name: string;
  readonly target: SourceNode;
}
