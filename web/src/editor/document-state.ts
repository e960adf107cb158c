import type { Problem } from '@bartizan/policy';
import { editCards, modelOf, writable } from './rule-model.ts';
import type { CardEdit, RuleModel } from './rule-model.ts';
import type { Changed, Reading } from './thoughts.ts';

/** One text and what is known of it; Rule mode and YAML mode are two views of it. */
export interface DocumentState {
  readonly text: string;
  /** The newest reading; of an older text while the worker thinks. */
  readonly reading: Reading;
  /** Rule mode's view, which may be ahead of the text; null where the text cannot be shown so. */
  readonly model: RuleModel | null;
  /** A model that is on its way into the text. */
  readonly wanted: RuleModel | null;
  /** Why the newest model did not get into the text. */
  readonly refused: readonly Problem[];
  readonly nextId: number;
}

export type DocumentAction =
  /** Somebody typed in the YAML. */
  | { readonly type: 'typed'; readonly text: string }
  /** The worker has read a text. */
  | { readonly type: 'read'; readonly reading: Reading }
  /** Another text takes the place of this one: restored, merged, formatted, of another kind. */
  | { readonly type: 'replaced'; readonly reading: Reading }
  | { readonly type: 'policy'; readonly policy: RuleModel['policy'] }
  | { readonly type: 'cards'; readonly edit: CardEdit }
  /** The worker has tried to write a model into the text. */
  | { readonly type: 'applied'; readonly model: RuleModel; readonly changed: Changed };

export function startDocument(reading: Reading): DocumentState {
  const model = reading.rules.ok ? modelOf(reading.rules.rules, 1) : null;
  return { text: reading.text, reading, model, wanted: null, refused: [], nextId: 1 + (model?.cards.length ?? 0) };
}

export function changeDocument(state: DocumentState, action: DocumentAction): DocumentState {
  switch (action.type) {
    case 'typed':
      return action.text === state.text ? state : { ...state, text: action.text, wanted: null, refused: [] };
    case 'read':
      return action.reading.text === state.text ? withReading(state, action.reading) : state;
    case 'replaced':
      return withReading({ ...state, text: action.reading.text, wanted: null, refused: [] }, action.reading);
    case 'policy':
      return state.model ? withModel(state, { ...state.model, policy: action.policy }) : state;
    case 'cards':
      return state.model ? withCards(state, state.model, action.edit) : state;
    case 'applied':
      return applied(state, action);
    default:
      return action satisfies never;
  }
}

function withReading(state: DocumentState, reading: Reading): DocumentState {
  const model = reading.rules.ok ? modelOf(reading.rules.rules, state.nextId, state.model?.cards) : null;
  return { ...state, reading, model, wanted: null, nextId: state.nextId + (model?.cards.length ?? 0) };
}

function withModel(state: DocumentState, model: RuleModel): DocumentState {
  return { ...state, model, wanted: model };
}

function withCards(state: DocumentState, model: RuleModel, edit: CardEdit): DocumentState {
  const cards = editCards(model.cards, edit, state.nextId);
  return { ...withModel(state, { ...model, cards }), nextId: state.nextId + 1 };
}

/** An answer about a model that was changed again meanwhile says nothing: the newer one is on its way. */
function applied(state: DocumentState, { model, changed }: { model: RuleModel; changed: Changed }): DocumentState {
  if (state.wanted !== model) return state;
  if (!changed.ok) return { ...state, wanted: null, refused: changed.problems };
  return { ...state, text: changed.reading.text, reading: changed.reading, wanted: null, refused: [] };
}

/** What the worker is to do next, if anything. */
export type NextThought =
  | { readonly think: 'read'; readonly text: string }
  | {
      readonly think: 'apply';
      readonly text: string;
      readonly model: RuleModel;
      readonly rules: ReturnType<typeof writable>;
    };

export function nextThought(state: DocumentState): NextThought | null {
  const { text, reading, wanted } = state;
  if (reading.text !== text) return { think: 'read', text };
  return wanted ? { think: 'apply', text, model: wanted, rules: writable(wanted) } : null;
}

/** Whether everything that was typed is in the text and understood. */
export function isSettled({ text, reading, wanted }: DocumentState): boolean {
  return reading.text === text && wanted === null;
}
