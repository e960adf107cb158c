import { EditorState } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { hoverTooltip } from '@codemirror/view';
import { fieldAt } from '../../editor/field-docs.ts';
import type { Field } from '../../editor/field-docs.ts';
import { keyAt, kindIn, placeAt } from '../../editor/yaml-place.ts';

/** Completion and words for the fields of a policy. */
export function fieldHelp(): Extension {
  return [EditorState.languageData.of(() => [{ autocomplete: complete }]), hoverTooltip(explain)];
}

interface Asked {
  readonly state: EditorState;
  readonly pos: number;
  readonly explicit: boolean;
}

function complete({ state, pos, explicit }: Asked) {
  const lines = state.doc.toString().split('\n');
  const { number, from } = state.doc.lineAt(pos);
  const place = placeAt(lines, number - 1, pos - from);
  if (!place || (!explicit && place.typed === '' && place.at !== 'value')) return null;
  const kind = kindIn(lines);
  const parent = fieldAt(kind, place.path);
  const field = place.key === null ? parent : parent?.fields?.[place.key];
  const values = place.at === 'key' ? [] : (field?.values ?? []).map((label) => ({ label, type: 'enum' }));
  const keys = place.at === 'value' ? [] : Object.entries(parent?.fields ?? {}).map(([key, one]) => option(key, one));
  const options = [...values, ...keys];
  return options.length === 0 ? null : { from: pos - place.typed.length, options, validFor: /^[\w./:-]*$/ };
}

function option(key: string, { says, fields }: Field) {
  const isNested = fields !== undefined;
  return {
    label: key,
    type: isNested ? 'namespace' : 'property',
    info: says,
    apply: isNested ? `${key}:` : `${key}: `,
  };
}

function explain(view: { readonly state: EditorState }, pos: number) {
  const lines = view.state.doc.toString().split('\n');
  const { number, from, text } = view.state.doc.lineAt(pos);
  const path = keyAt(lines, number - 1, pos - from);
  const field = path && fieldAt(kindIn(lines), path);
  if (!field) return null;
  const start = from + text.indexOf(path.at(-1) ?? '');
  return { pos: start, end: start + (path.at(-1) ?? '').length, above: true, create: () => ({ dom: help(field) }) };
}

function help({ says, values }: Field): HTMLElement {
  const dom = document.createElement('div');
  dom.className = 'cm-field-help';
  dom.textContent = values ? `${says} One of: ${values.join(', ')}.` : says;
  return dom;
}
