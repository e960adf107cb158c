import type { JsonValue } from '../source/json.ts';
import type { SourceNode } from '../source/nodes.ts';
import { toPlainValue } from '../source/plain-value.ts';
import { aliasesOf, nodesOf } from './document.ts';
import type { Patch } from './patch.ts';
import { flowText } from './value-text.ts';

/**
 * A value that is changed although aliases refer to it: its anchor moves to the first alias, so that they keep their
 * meaning, and the name left behind remembers it. A changed alias is written out under a name that remembers it.
 */
const moved = '-moved';
const copied = '-copied';

export type Separation = { readonly patches: readonly Patch[] } | { readonly refusal: string };

/** Frees a node from its aliases before it is changed. */
export function separate(text: string, root: SourceNode, node: SourceNode): Separation {
  const [first] = node.anchor === undefined ? [] : aliasesOf(root, node);
  if (node.anchor === undefined || first === undefined) return { patches: [] };
  const name = `${node.anchor}${moved}`;
  if (isAliased(root, name))
    return {
      refusal: `The anchor &${node.anchor} is used elsewhere, and the name &${name} that would remember it is taken`,
    };
  const value = toPlainValue(node).value;
  return {
    patches: [
      rename(text, node, name),
      { start: first.start, end: first.end, text: `&${node.anchor} ${flowText(value)}` },
    ],
  };
}

/** The inverse of `separate`, where the anchor's new place still holds what was put there. */
export function rejoin(
  text: string,
  root: SourceNode,
  node: SourceNode,
  isOriginal: (value: JsonValue) => boolean,
): readonly Patch[] {
  const name = originalName(node, moved);
  if (name === undefined) return [];
  const next = [...nodesOf(root)].find((other) => other.anchor === name && other.outerStart >= node.end);
  const value = next === undefined ? null : toPlainValue(next).value;
  if (next === undefined || text.slice(next.outerStart, next.end) !== `&${name} ${flowText(value)}`) return [];
  if (!isOriginal(value)) return [];
  return [rename(text, node, name), { start: next.outerStart, end: next.end, text: `*${name}` }];
}

/** Writes out an alias with another value than its anchor has. */
export function writeOut(root: SourceNode, alias: SourceNode & { kind: 'alias' }, value: JsonValue): Separation {
  const name = `${alias.name}${copied}`;
  if (isAliased(root, name))
    return { refusal: `The alias *${alias.name} stands there, and the name &${name} that would remember it is taken` };
  return { patches: [{ start: alias.start, end: alias.end, text: `&${name} ${flowText(value)}` }] };
}

/** The inverse of `writeOut`, where the anchor still has the value that was changed. */
export function writeBack(
  root: SourceNode,
  node: SourceNode,
  isOriginal: (value: JsonValue) => boolean,
): readonly Patch[] | undefined {
  const name = originalName(node, copied);
  if (name === undefined) return undefined;
  const source = [...nodesOf(root)].findLast((other) => other.anchor === name && other.end <= node.outerStart);
  if (source === undefined || !isOriginal(toPlainValue(source).value)) return undefined;
  return [{ start: node.outerStart, end: node.end, text: `*${name}` }];
}

function originalName(node: SourceNode, suffix: string): string | undefined {
  return node.anchor?.endsWith(suffix) === true ? node.anchor.slice(0, -suffix.length) : undefined;
}

function isAliased(root: SourceNode, name: string): boolean {
  return [...nodesOf(root)].some((node) => node.kind === 'alias' && node.name === name);
}

function rename(text: string, node: SourceNode, name: string): Patch {
  const at = node.outerStart + text.slice(node.outerStart, node.start).indexOf(`&${node.anchor}`);
  return { start: at + 1, end: at + 1 + (node.anchor?.length ?? 0), text: name };
}
