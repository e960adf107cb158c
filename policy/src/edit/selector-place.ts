import type { JsonObject, JsonValue } from '../source/json.ts';
import { isObject } from '../source/json.ts';
import type { SourceNode } from '../source/nodes.ts';
import { splitPath } from '../source/path.ts';
import type { PathPart } from '../source/path.ts';
import { toPlainValue } from '../source/plain-value.ts';
import { walk } from './chain.ts';
import type { Step } from './chain.ts';

/** One spec of one manifest in its text. */
export interface SpecPlace {
  readonly text: string;
  readonly kind: string;
  /** The whole document, for its anchors. */
  readonly root: SourceNode;
  readonly manifest: SourceNode;
  /** `spec` or `specs[1]`. */
  readonly path: string;
}

/** A selector of that spec, as far as it is written. */
export interface SelectorPlace extends SpecPlace {
  readonly key: string;
  readonly spec: Step;
  readonly selector?: Step;
  readonly labels?: Step;
  /** Everything from the manifest inwards to the labels, as far as it is written. */
  readonly steps: readonly Step[];
  /** The path that `steps` follows, one part fewer: the first step is the manifest itself. */
  readonly parts: readonly PathPart[];
}

export function specValue({ manifest, path }: SpecPlace): JsonObject {
  const node = walk(manifest, splitPath(path)).at(-1)?.node;
  const value: JsonValue = node === undefined ? null : toPlainValue(node).value;
  return isObject(value) ? value : {};
}

/** The selectors that decide what a spec applies to: a Cilium rule has one for endpoints or one for nodes. */
export function selectorKeys(kind: string, spec: JsonObject): readonly string[] {
  if (kind === 'NetworkPolicy') return ['podSelector'];
  const given = ['endpointSelector', 'nodeSelector'].filter((key) => spec[key] !== undefined && spec[key] !== null);
  if (given.length > 0) return given;
  return Object.hasOwn(spec, 'nodeSelector') && !Object.hasOwn(spec, 'endpointSelector')
    ? ['nodeSelector']
    : ['endpointSelector'];
}

export function selectorPlace(place: SpecPlace, key: string): SelectorPlace | undefined {
  const specPath = splitPath(place.path);
  const parts = [...specPath, key, 'matchLabels'];
  const steps = [{ node: place.manifest }, ...walk(place.manifest, parts)];
  const spec = steps[specPath.length];
  if (spec === undefined) return undefined;
  const selector = steps[specPath.length + 1];
  const labels = steps[specPath.length + 2];
  return { ...place, key, spec, steps, parts, ...(selector && { selector }), ...(labels && { labels }) };
}
