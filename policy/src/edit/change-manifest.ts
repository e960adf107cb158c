import type { Problem, Result } from '../model/problem.ts';
import type { JsonObject } from '../source/json.ts';
import type { Manifest, ManifestSet } from '../source/manifest.ts';
import type { SourceNode } from '../source/nodes.ts';
import { readManifests } from '../source/read-manifests.ts';
import { separate } from './anchors.ts';
import { changeRoot } from './change-value.ts';
import type { Writing } from './change-value.ts';
import { aliasesOf, documentAt, hasAnchors, nodesOf } from './document.ts';
import { columnOf, lineBreakNear } from './layout.ts';
import { notationOf } from './notation.ts';
import { applyPatches } from './patch.ts';
import type { Patch } from './patch.ts';
import { sameJson } from './same-json.ts';

/**
 * The text after one of its manifests was made to say `wanted`. Only the parts that differ change. The result is read
 * back: where it does not say exactly that, nothing is changed and the answer is a problem.
 */
export function changeManifest(manifest: Manifest, wanted: JsonObject): Result<string> {
  const before = readManifests(manifest.text);
  const index = before.manifests.findIndex(({ range }) => range[0] === manifest.range[0]);
  const changed = changeInSet(before, index, wanted);
  return changed.ok ? { ok: true, value: changed.value.text } : changed;
}

/** The same, for a text that was read already: the changed text as it reads. */
export function changeInSet(before: ManifestSet, index: number, wanted: JsonObject): Result<ManifestSet> {
  let { text } = before;
  for (let separations = 0; separations <= 100; separations++) {
    const current = (separations === 0 ? before : readManifests(text)).manifests[index];
    if (current === undefined) break;
    const patches = changeRoot(writingOf(current), current.node, asWritten(current, wanted));
    for (const ending of endings(applyIfApart(text, patches))) {
      const changed = readManifests(ending, before);
      if (isRight({ changed, index, before, wanted })) return { ok: true, value: changed };
    }
    const freed = freeOneAnchor(text, current.node, patches);
    if (freed === undefined) break;
    text = freed;
  }
  return { ok: false, problems: [cannotEdit(before.manifests[index])] };
}

/** An item of a typed list (`NetworkPolicyList`) has its apiVersion and kind from the list. */
function asWritten({ node, nodeAt }: Manifest, wanted: JsonObject): JsonObject {
  if (node.kind !== 'map') return wanted;
  const implied = ['apiVersion', 'kind'].filter((key) => nodeAt([key]) === undefined);
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => !implied.includes(key)));
}

function cannotEdit(manifest: Manifest | undefined): Problem {
  const message =
    'This manifest is written in a way that cannot be changed without touching other parts: change it by hand';
  return { code: 'cannot-edit', severity: 'error', message, path: '', ...manifest?.place('') };
}

/** A text over several lines whose last line end counts needs that line end, also at the end of the file. */
function endings(changed: string | undefined): readonly string[] {
  if (changed === undefined) return [];
  return /[\r\n]$/.test(changed) ? [changed] : [changed, `${changed}${lineBreakNear(changed, changed.length)}`];
}

function applyIfApart(text: string, patches: readonly Patch[]): string | undefined {
  const ordered = patches.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const isApart = ordered.every((patch, at) => at === 0 || (ordered[at - 1]?.end ?? 0) <= patch.start);
  return isApart ? applyPatches(text, patches) : undefined;
}

interface Check {
  readonly changed: ManifestSet;
  readonly index: number;
  readonly before: ManifestSet;
  readonly wanted: JsonObject;
}

function isRight({ changed: { manifests, problems }, index, before, wanted }: Check): boolean {
  if (problems.length !== before.problems.length || manifests.length !== before.manifests.length) return false;
  return manifests.every(({ object }, at) => sameJson(object, at === index ? wanted : before.manifests[at]?.object));
}

/** The outermost anchored value that the patches touch moves its anchor to the first alias. */
function freeOneAnchor(text: string, node: SourceNode, patches: readonly Patch[]): string | undefined {
  const root = hasAnchors(text, node.start) ? documentAt(text, node.start) : undefined;
  if (root === undefined) return undefined;
  for (const anchored of nodesOf(root)) {
    if (anchored.anchor === undefined || !patches.some((patch) => touches(patch, anchored))) continue;
    if (aliasesOf(root, anchored).length === 0) continue;
    const separation = separate(text, root, anchored);
    if ('patches' in separation) return applyPatches(text, separation.patches);
  }
  return undefined;
}

function touches(patch: Patch, node: SourceNode): boolean {
  return patch.start <= node.end && patch.end >= node.outerStart;
}

function writingOf({ text, node }: Manifest): Writing {
  const isFlow = node.kind === 'map' && node.style === 'flow';
  return { text, notation: isFlow ? notationOf(node) : 'yaml', listIndent: listIndentOf(text, node) };
}

/** How far the first block list below a key stands in from it. */
function listIndentOf(text: string, root: SourceNode): number {
  for (const node of nodesOf(root)) {
    if (node.kind !== 'map' || node.style === 'flow') continue;
    for (const { start, value } of node.entries) {
      if (value.kind === 'list' && value.style === 'block') return columnOf(text, value.start) - columnOf(text, start);
    }
  }
  return 0;
}
