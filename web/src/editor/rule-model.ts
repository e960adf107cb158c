import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule, PolicyRules } from '@bartizan/policy';
import { ruleFault } from './rule-fault.ts';

/** A rule as a card: it keeps its id while it is edited or moved. */
export interface Card {
  readonly id: number;
  readonly rule: PolicyRule;
  /** The rule in letters, to compare it by: printed once, not at each key. */
  readonly print: string;
}

function cardOf(id: number, rule: PolicyRule): Card {
  return { id, rule, print: JSON.stringify(rule) };
}

/** A policy as Rule mode has it, also while a rule is not complete. */
export interface RuleModel {
  readonly policy: Omit<PolicyRules, 'rules'>;
  readonly cards: readonly Card[];
}

/** A rule that is the same object as before keeps its card. */
export function modelOf({ rules, ...policy }: PolicyRules, firstId: number, before: readonly Card[] = []): RuleModel {
  const known = new Map(before.map((card) => [card.rule, card]));
  const cards = rules.map((rule, index) => {
    const card = known.get(rule) ?? cardOf(firstId + index, rule);
    known.delete(rule);
    return card;
  });
  return { policy, cards };
}

/** What can be written: the rules that are complete. */
export function writable({ policy, cards }: RuleModel): PolicyRules {
  const rules = cards.map(({ rule }) => rule).filter((rule) => ruleFault(rule, policy.kind) === null);
  return { ...policy, rules };
}

export interface NumberedCard extends Card {
  /** As people count: from 1, in its direction. */
  readonly number: number;
  readonly fault: string | null;
  readonly mark: 'new' | 'changed' | null;
}

/** The cards of one direction, in order, each with its number and what is the matter. */
export function numbered(
  cards: readonly Card[],
  { kind, direction }: { readonly kind: PolicyKind; readonly direction: PolicyRule['direction'] },
  base: readonly Card[],
): readonly NumberedCard[] {
  const own = cards.filter(({ rule }) => rule.direction === direction);
  const before = base.filter(({ rule }) => rule.direction === direction).map(({ print }) => print);
  const known = new Set(before);
  const now = new Set(own.map(({ print }) => print));
  return own.map((card, index) => {
    const stood = before[index];
    const replaced = stood !== undefined && !now.has(stood);
    return {
      ...card,
      number: index + 1,
      fault: ruleFault(card.rule, kind),
      mark: known.has(card.print) ? null : replaced ? 'changed' : 'new',
    };
  });
}

/** The first thing that keeps the model from being saved; null where nothing does. */
export function modelFault(model: RuleModel): string | null {
  for (const direction of ['ingress', 'egress'] as const) {
    const own = model.cards.filter(({ rule }) => rule.direction === direction);
    for (const [index, { rule }] of own.entries()) {
      const fault = ruleFault(rule, model.policy.kind);
      const name = direction === 'ingress' ? 'Inbound' : 'Outbound';
      if (fault) return `${name} rule ${index + 1} is not complete: ${fault}`;
    }
  }
  return null;
}

export type CardEdit =
  | { readonly do: 'add'; readonly rule: PolicyRule }
  | { readonly do: 'change'; readonly id: number; readonly rule: PolicyRule }
  | { readonly do: 'remove'; readonly id: number }
  | { readonly do: 'duplicate'; readonly id: number }
  | { readonly do: 'move'; readonly id: number; readonly by: -1 | 1 };

/** `nextId` is for a card that is new. */
export function editCards(cards: readonly Card[], edit: CardEdit, nextId: number): readonly Card[] {
  switch (edit.do) {
    case 'add':
      return [...cards, cardOf(nextId, edit.rule)];
    case 'change':
      return cards.map((card) => (card.id === edit.id ? cardOf(edit.id, edit.rule) : card));
    case 'remove':
      return cards.filter(({ id }) => id !== edit.id);
    case 'duplicate':
      return cards.flatMap((card) => (card.id === edit.id ? [card, { ...card, id: nextId }] : [card]));
    case 'move':
      return moved(cards, edit.id, edit.by);
    default:
      return edit satisfies never;
  }
}

/** One place up or down among the rules of its direction. */
function moved(cards: readonly Card[], id: number, by: -1 | 1): readonly Card[] {
  const from = cards.findIndex((card) => card.id === id);
  const card = cards[from];
  if (!card) return cards;
  const peers = cards.filter(({ rule }) => rule.direction === card.rule.direction);
  const other = peers[peers.indexOf(card) + by];
  if (!other) return cards;
  return cards.map((one) => (one === card ? other : one === other ? card : one));
}
