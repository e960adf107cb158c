import { isObject } from '../source/json.ts';
import type { JsonValue } from '../source/json.ts';
import type { MapEntry, MapNode } from '../source/nodes.ts';
import { keyText, toPlainValue } from '../source/plain-value.ts';
import { rejoin, separate, writeBack } from './anchors.ts';
import type { Step } from './chain.ts';
import { disabledLabel, isDisabledSelector } from './disabled-label.ts';
import type { SpecChange } from './enforcement.ts';
import { readAdded } from './enforcement-form.ts';
import type { NullForm } from './enforcement-form.ts';
import { removeEntry } from './entries.ts';
import { withLabel, withoutLabel } from './label-value.ts';
import { insertion } from './patch.ts';
import type { Patch } from './patch.ts';
import { entryEnd } from './pieces.ts';
import { sameJson } from './same-json.ts';
import { selectorPlace, specValue } from './selector-place.ts';
import type { SelectorPlace, SpecPlace } from './selector-place.ts';
import { flowText } from './value-text.ts';

/** Takes the label out of every selector of one spec, and what disabling had put around it. */
export function enableSpec(place: SpecPlace): SpecChange {
  const spec = specValue(place);
  const patches: Patch[] = [];
  for (const key of ['podSelector', 'endpointSelector', 'nodeSelector']) {
    if (!isDisabledSelector(spec[key])) continue;
    const selector = selectorPlace(place, key);
    const change =
      selector === undefined ? { refusal: `${place.path} is not written as a map` } : enableSelector(selector);
    if ('refusal' in change) return change;
    patches.push(...change.patches);
  }
  return { patches };
}

function enableSelector(place: SelectorPlace): SpecChange {
  const back = writtenBack(place);
  const removed = back ?? removeLabel(place);
  if ('refusal' in removed) return removed;
  const patches = [...removed.patches];
  const around = back === undefined ? place.steps : place.steps.slice(0, back.step);
  for (const [index, { node }] of around.entries()) {
    const freed = separate(place.text, place.root, node);
    if ('refusal' in freed) return freed;
    patches.push(...freed.patches, ...rejoin(place.text, place.root, node, isOriginalOf(place, index)));
  }
  return { patches };
}

/** The value of a step without the label. */
function valueWithout({ steps, parts }: SelectorPlace, index: number): JsonValue {
  const node = steps[index]?.node;
  return node === undefined ? null : withoutLabel(toPlainValue(node).value, parts.slice(index));
}

/** Whether a value, disabled, is what a step says now. */
function isOriginalOf({ steps, parts }: SelectorPlace, index: number): (value: JsonValue) => boolean {
  const node = steps[index]?.node;
  return (value) => node !== undefined && sameJson(withLabel(value, parts.slice(index)), toPlainValue(node).value);
}

interface WrittenBack {
  readonly patches: readonly Patch[];
  /** The step that was changed as a whole. */
  readonly step: number;
}

/** An alias that disabling had written out becomes an alias again; one that leads to a disabled selector is written out. */
function writtenBack(place: SelectorPlace): WrittenBack | undefined {
  for (const [step, { node }] of place.steps.entries()) {
    if (node.kind === 'alias') {
      return { step, patches: [{ start: node.start, end: node.end, text: flowText(valueWithout(place, step)) }] };
    }
    const patches = writeBack(place.root, node, isOriginalOf(place, step));
    if (patches !== undefined) return { step, patches };
  }
  return undefined;
}

function removeLabel(place: SelectorPlace): SpecChange {
  const { text, spec, selector, labels } = place;
  const map = labels?.node;
  if (selector?.entry === undefined || labels?.entry === undefined || map?.kind !== 'map') {
    return { refusal: 'The label comes from a merge (`<<`), which cannot be changed here: change what is merged' };
  }
  const label = map.entries.findLast(({ key }) => keyText(key) === disabledLabel.key);
  if (label === undefined)
    return { refusal: 'The label comes from a merge (`<<`), which cannot be changed here: change what is merged' };
  const added = map.style === 'flow' ? readAdded(text.slice(map.start, map.end)) : undefined;
  switch (added?.level) {
    case 'labels':
      if (restoresBase(place, selector, 'matchLabels')) return removeFrom(text, selector.node, labels.entry);
      break;
    case 'selector':
      if (restoresBase(place, spec, place.key)) return removeFrom(text, spec.node, selector.entry);
      break;
    case 'labels-value':
      if (map.entries.length === 1) return restoreNull(text, labels, added.was);
      break;
    case 'selector-value':
      if (selector.node.kind === 'map' && selector.node.entries.length === 1 && map.entries.length === 1)
        return restoreNull(text, selector, added.was);
      break;
    case undefined:
      break;
    default:
      added satisfies never;
  }
  return {
    patches: map.entries.length === 1 ? emptyLabels(text, labels, map, label) : [removeEntry({ text, map }, label)],
  };
}

/** Whether taking out the whole entry leaves what taking out the label alone would. */
function restoresBase(place: SelectorPlace, holder: Step, key: string): boolean {
  const { node } = holder;
  if (node.kind !== 'map' || isForeign(node)) return false;
  const entries = node.entries.filter((entry) => keyText(entry.key) !== key);
  const base = toPlainValue({ ...node, entries }).value;
  const before = isObject(base) ? base[key] : undefined;
  const index = place.steps.indexOf(holder) + 1;
  const rest = valueWithout(place, index);
  return sameJson(before, rest) || (before === undefined && isHollow(rest));
}

/** An only entry is disabling's own where it stands directly behind the brace, as in `{a: b}`; a block has others beside it. */
function isForeign({ style, entries, start }: MapNode): boolean {
  return entries.length === 1 && (style === 'block' || entries[0]?.start !== start + 1);
}

/** `{}` or `{matchLabels: {}}`. */
function isHollow(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(
    ([key, inner]) => key === 'matchLabels' && isObject(inner) && Object.keys(inner).length === 0,
  );
}

function removeFrom(text: string, node: Step['node'], entry: MapEntry): SpecChange {
  return node.kind === 'map'
    ? { patches: [removeEntry({ text, map: node }, entry)] }
    : { refusal: 'The selector is not written in a map' };
}

function restoreNull(text: string, { node, entry }: Step, was: NullForm): SpecChange {
  if (was !== '' && was !== 'no-colon') return { patches: [{ start: node.start, end: node.end, text: was }] };
  const keyEnd = entry?.key.end ?? node.start;
  const colonEnd = keyEnd + text.slice(keyEnd, node.start).indexOf(':') + 1;
  return { patches: [{ start: was === '' ? colonEnd : keyEnd, end: node.end, text: '' }] };
}

/** The label was alone in a `matchLabels` that was there before, or that somebody else wrote: an empty one remains. */
function emptyLabels(text: string, labels: Step, map: MapNode, label: MapEntry): readonly Patch[] {
  if (map.style === 'flow') {
    const isOurs = map.start + 1 === label.start;
    return isOurs ? [removeEntry({ text, map }, label)] : [{ start: map.start, end: map.end, text: '{}' }];
  }
  const properties = text.slice(map.outerStart, map.start).trimEnd();
  const keyEnd = labels.entry?.key.end ?? map.start;
  const colonEnd = keyEnd + text.slice(keyEnd, map.start).indexOf(':') + 1;
  const at = properties === '' ? colonEnd : map.outerStart + properties.length;
  const lines = removeEntry({ text, map }, label);
  return lines.start >= at ? [insertion(at, ' {}'), lines] : [{ start: at, end: entryEnd(label), text: ' {}' }];
}
