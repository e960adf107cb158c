import { isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import type { MapNode, ScalarNode } from '../source/nodes.ts';
import { isMergeKey, toPlainValue } from '../source/plain-value.ts';
import { separate, writeOut } from './anchors.ts';
import type { Step } from './chain.ts';
import type { SpecChange } from './enforcement.ts';
import { isNullForm, labelText, labelsText } from './enforcement-form.ts';
import type { Added, NullForm } from './enforcement-form.ts';
import { appendEntry, prependEntry } from './entries.ts';
import { withLabel } from './label-value.ts';
import { keyText, notationOf } from './notation.ts';
import type { Notation } from './notation.ts';
import type { Patch } from './patch.ts';
import { selectorKeys, selectorPlace, specValue } from './selector-place.ts';
import type { SelectorPlace, SpecPlace } from './selector-place.ts';
import { flowText } from './value-text.ts';

/** Puts the label into every selector of one spec. */
export function disableSpec(place: SpecPlace): SpecChange {
  const spec = specValue(place);
  const patches: Patch[] = [];
  const keys = selectorKeys(place.kind, spec);
  if (keys.length > 1) return { refusal: `${place.path} has ${keys.join(' and ')}, which no cluster accepts together` };
  for (const key of keys) {
    const selector = selectorPlace(place, key);
    const change =
      selector === undefined ? { refusal: `${place.path} is not written as a map` } : disableSelector(selector, spec);
    if ('refusal' in change) return change;
    patches.push(...change.patches);
  }
  return { patches };
}

function disableSelector(place: SelectorPlace, spec: JsonObject): SpecChange {
  const value = spec[place.key];
  const aliasAt = place.steps.findIndex(({ node }) => node.kind === 'alias');
  const added = writeOutAlias(place, aliasAt) ?? addLabel(place, isObject(value) ? value : {});
  if ('refusal' in added) return added;
  const patches = [...added.patches];
  for (const { node } of aliasAt < 0 ? place.steps : place.steps.slice(0, aliasAt)) {
    const freed = separate(place.text, place.root, node);
    if ('refusal' in freed) return freed;
    patches.push(...freed.patches);
  }
  return { patches };
}

/** What stands behind the first alias on the way belongs to others too, so the alias itself is written out. */
function writeOutAlias({ root, steps, parts }: SelectorPlace, aliasAt: number): SpecChange | undefined {
  const alias = steps[aliasAt]?.node;
  if (alias?.kind !== 'alias') return undefined;
  return writeOut(root, alias, withLabel(toPlainValue(alias).value, parts.slice(aliasAt)));
}

function addLabel(place: SelectorPlace, value: JsonObject): SpecChange {
  const { spec, selector, labels } = place;
  const notation = notationOf(labels?.node, labels?.entry, selector?.entry, spec.entry, place.manifest);
  if (spec.node.kind !== 'map') return { refusal: `${place.path} is not written as a map` };
  if (selector === undefined) return addSelector(place, { map: spec.node, notation, value });
  if (selector.node.kind === 'scalar') return replaceNull(selector, 'selector-value', place, notation);
  if (selector.node.kind !== 'map') return { refusal: `${place.key} is not written as a map` };
  if (labels === undefined) return addLabels(place, { map: selector.node, notation, value });
  if (labels.node.kind === 'scalar') return replaceNull(labels, 'labels-value', place, notation);
  if (labels.node.kind !== 'map') return { refusal: `matchLabels of ${place.key} is not written as a map` };
  const parent = labels.entry;
  return {
    patches: [appendEntry({ text: place.text, map: labels.node, ...(parent && { parent }) }, labelText(notation))],
  };
}

interface Addition {
  readonly map: MapNode;
  readonly notation: Notation;
  /** What the selector says already, by a merge. */
  readonly value: JsonObject;
}

function addSelector({ text, key, spec }: SelectorPlace, { map, notation, value }: Addition): SpecChange {
  const { matchLabels, ...others } = value;
  const labels = labelsText({ level: 'selector' }, notation, repeated(matchLabels));
  const rest = Object.entries(others).map(
    ([name, other]) => `, ${keyText(name, notation)}: ${flowText(other ?? null, notation)}`,
  );
  const entry = `${keyText(key, notation)}: {${keyText('matchLabels', notation)}: ${labels}${rest.join('')}}`;
  const parent = spec.entry;
  return { patches: [prependEntry({ text, map, ...(parent && { parent }) }, entry)] };
}

function addLabels({ text, selector }: SelectorPlace, { map, notation, value }: Addition): SpecChange {
  const isMerged = map.entries.some(({ key }) => isMergeKey(key));
  const labels = labelsText({ level: 'labels' }, notation, isMerged ? repeated(value['matchLabels']) : []);
  const parent = selector?.entry;
  const entry = `${keyText('matchLabels', notation)}: ${labels}`;
  return { patches: [prependEntry({ text, map, ...(parent && { parent }) }, entry)] };
}

/** Labels that a merge would have given: an entry of its own replaces them all. */
function repeated(labels: JsonValue | undefined): readonly string[] {
  if (!isObject(labels)) return [];
  return Object.entries(labels).map(([key, value]) => `${keyText(key, 'yaml')}: ${flowText(value ?? null)}`);
}

function replaceNull(
  { node, entry, map }: Step,
  level: 'selector-value' | 'labels-value',
  { text }: SelectorPlace,
  notation: Notation,
): SpecChange {
  const was =
    node.kind === 'scalar' && entry && map ? nullFormOf({ text, node, keyEnd: entry.key.end, map }) : undefined;
  if (was === undefined) return { refusal: 'The selector is neither a map nor a plain null' };
  const added: Added = { level, was };
  const labels = labelsText(added, notation);
  const value = level === 'labels-value' ? labels : `{${keyText('matchLabels', notation)}: ${labels}}`;
  const colon = was === 'no-colon' ? ': ' : was === '' ? ' ' : '';
  return { patches: [{ start: node.start, end: node.end, text: `${colon}${value}` }] };
}

function nullFormOf(asked: { text: string; node: ScalarNode; keyEnd: number; map: MapNode }): NullForm | undefined {
  const { text, node, keyEnd, map } = asked;
  if (node.style !== 'plain' || node.anchor !== undefined || node.tag !== undefined || !isNullForm(node.text))
    return undefined;
  if (node.text !== '' || text.slice(keyEnd, node.start).includes(':')) return node.text;
  return map.style === 'flow' ? 'no-colon' : undefined;
}
