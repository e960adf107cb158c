import type { AliasNode, SourceNode } from '../source/nodes.ts';
import { parseDocument } from '../source/parse-document.ts';
import { splitDocuments } from '../source/split-documents.ts';

/** Whether the document around `at` may hold anchors. */
export function hasAnchors(text: string, at: number): boolean {
  const start = Math.max(text.lastIndexOf('\n---', at), text.lastIndexOf('\r---', at), 0);
  const next = text.indexOf('\n---', at);
  return text.slice(start, next < 0 ? text.length : next).includes('&');
}

/** The document that holds a place of the text, read afresh: its nodes are not those of an earlier reading. */
export function documentAt(text: string, at: number): SourceNode | undefined {
  const part = splitDocuments(text).find(({ start, end }) => start <= at && at < end);
  const roots = part === undefined ? [] : parseDocument(text, part.start, part.end).roots;
  return roots.find((root) => root.outerStart <= at && at < root.end);
}

/** Every node as it is written, in the order of the text; what aliases refer to is not repeated. */
export function* nodesOf(node: SourceNode): Generator<SourceNode> {
  yield node;
  if (node.kind === 'list') for (const item of node.items) yield* nodesOf(item.value);
  if (node.kind !== 'map') return;
  for (const entry of node.entries) {
    yield* nodesOf(entry.key);
    yield* nodesOf(entry.value);
  }
}

/** The aliases of an anchored node, in the order of the text. */
export function aliasesOf(root: SourceNode, anchored: SourceNode): readonly AliasNode[] {
  const isOurs = (node: SourceNode): node is AliasNode =>
    node.kind === 'alias' && node.name === anchored.anchor && node.target.start === anchored.start;
  return [...nodesOf(root)].filter(isOurs);
}
