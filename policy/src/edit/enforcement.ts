import type { Problem, Result } from '../model/problem.ts';
import type { Manifest } from '../source/manifest.ts';
import { readManifests } from '../source/read-manifests.ts';
import { isEnabledSpec, specsOf } from './disabled-label.ts';
import { disableSpec } from './disable-spec.ts';
import { enableSpec } from './enable-spec.ts';
import { documentAt, hasAnchors } from './document.ts';
import { applyPatches } from './patch.ts';
import type { Patch } from './patch.ts';
import { policyKindOf } from '../lower/lower-policy.ts';

export interface EnforcementChange {
  readonly enabled: boolean;
  /** Only the policies of this name; every policy of the text without it. */
  readonly name?: string;
  readonly namespace?: string;
  readonly kind?: string;
  /** Only the manifest at this place among all of the text. */
  readonly index?: number;
}

/** What one change of one spec is made of, or why it cannot be made. */
export type SpecChange = { readonly patches: readonly Patch[] } | { readonly refusal: string };

/** Switches policies on or off in their text. Nothing else changes, and off then on gives the first bytes back (EDIT-1 to EDIT-9). */
export function setEnforcement(text: string, change: EnforcementChange): Result<string> {
  const { manifests, problems } = readManifests(text);
  const isNamed = change.name !== undefined || change.index !== undefined;
  if (problems.length > 0 && !isNamed) return { ok: false, problems };
  const chosen = manifests.flatMap((manifest, index) =>
    isChosen(manifest, change) && (change.index ?? index) === index ? [{ manifest, index }] : [],
  );
  if (chosen.length === 0) return { ok: false, problems: [...problems, nothingChosen(change)] };
  const without = chosen.filter(({ manifest }) => specsOf(manifest.object).length === 0);
  if (without.length > 0) return { ok: false, problems: without.map(({ manifest }) => withoutSpec(manifest)) };
  return changeAll({ text, chosen, enabled: change.enabled });
}

interface Chosen {
  readonly manifest: Manifest;
  /** Among all manifests of the text. */
  readonly index: number;
}

function isChosen(manifest: Manifest, { name, namespace, kind }: EnforcementChange): boolean {
  return (
    policyKindOf(manifest.object) !== undefined &&
    (name === undefined || manifest.name === name) &&
    (namespace === undefined || manifest.namespace === namespace) &&
    (kind === undefined || manifest.kind === kind)
  );
}

function nothingChosen({ name }: EnforcementChange): Problem {
  const message =
    name === undefined
      ? 'There is no network policy in this file'
      : `There is no network policy named ${JSON.stringify(name)} in this file`;
  return { code: 'no-policy', severity: 'error', message, path: '' };
}

function withoutSpec(manifest: Manifest): Problem {
  const message = 'It has no spec, so there is no selector that could carry the label';
  return { code: 'no-spec', severity: 'error', message, path: 'spec', ...manifest.place('spec') };
}

/** Documents without anchors are changed in one go; where aliases tie places together, one spec after the other. */
function changeAll({
  text,
  chosen,
  enabled,
}: {
  text: string;
  chosen: readonly Chosen[];
  enabled: boolean;
}): Result<string> {
  const isTied = ({ manifest }: Chosen): boolean => hasAnchors(text, manifest.node.start);
  const tied = chosen.filter(isTied);
  const free = chosen.filter((one) => !isTied(one));
  const patches: Patch[] = [];
  const problems: Problem[] = [];
  for (const { manifest } of free) {
    for (const { path } of targets(manifest, enabled))
      collect(changeSpec(manifest, path, enabled), { manifest, path, patches, problems });
  }
  if (problems.length > 0) return { ok: false, problems };
  return changeTied({ text: applyPatches(text, patches), tied, enabled });
}

function changeTied({
  text,
  tied,
  enabled,
}: {
  text: string;
  tied: readonly Chosen[];
  enabled: boolean;
}): Result<string> {
  let changed = text;
  const paths = tied.flatMap(({ manifest, index }) => targets(manifest, enabled).map(({ path }) => ({ index, path })));
  for (const { index, path } of enabled ? paths.toReversed() : paths) {
    const manifest = readManifests(changed).manifests[index];
    const problems: Problem[] = [];
    const patches: Patch[] = [];
    if (manifest === undefined) throw new Error(`The manifest ${index} vanished while ${path} was changed`);
    const isDone = targets(manifest, enabled).every((target) => target.path !== path);
    if (isDone) continue;
    collect(changeSpec(manifest, path, enabled), { manifest, path, patches, problems });
    if (problems.length > 0) return { ok: false, problems };
    changed = applyPatches(changed, patches);
  }
  return { ok: true, value: changed };
}

/** The specs that are not yet as they should be. */
function targets(manifest: Manifest, enabled: boolean): readonly { readonly path: string }[] {
  return specsOf(manifest.object).filter(({ spec }) => isEnabledSpec(spec) !== enabled);
}

function changeSpec(manifest: Manifest, path: string, enabled: boolean): SpecChange {
  const { text, kind, node } = manifest;
  const root = hasAnchors(text, node.start) ? (documentAt(text, node.start) ?? node) : node;
  const asked = { text, kind, root, manifest: node, path };
  return enabled ? enableSpec(asked) : disableSpec(asked);
}

interface Collected {
  readonly manifest: Manifest;
  readonly path: string;
  readonly patches: Patch[];
  readonly problems: Problem[];
}

function collect(change: SpecChange, { manifest, path, patches, problems }: Collected): void {
  if ('patches' in change) patches.push(...change.patches);
  else
    problems.push({ code: 'cannot-edit', severity: 'error', message: change.refusal, path, ...manifest.place(path) });
}
