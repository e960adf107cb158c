import type { PolicyKind } from '@bartizan/api';
import type { PolicyRule, PolicyRules } from '@bartizan/policy';
import { ruleFault } from './rule-fault.ts';

/** A rule as a card: it keeps its id while it is edited or moved. */
export interface Card {
  readonly id: number;
  readonly rule: PolicyRule;
}

/** A policy as Rule mode has it, also while a rule is not complete. */
export interface RuleModel {
  readonly policy: Omit<PolicyRules, 'rules'>;
  readonly cards: readonly Card[];
}

export function modelOf({ rules, ...policy }: PolicyRules, firstId: number): RuleModel {
  return { policy, cards: rules.map((rule, index) => ({ id: firstId + index, rule })) };
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
  base: readonly PolicyRule[],
): readonly NumberedCard[] {
  const own = cards.filter(({ rule }) => rule.direction === direction);
  const before = base.filter((rule) => rule.direction === direction);
  const known = new Set(before.map((rule) => JSON.stringify(rule)));
  const now = new Set(own.map(({ rule }) => JSON.stringify(rule)));
  return own.map((card, index) => {
    const isKnown = known.has(JSON.stringify(card.rule));
    const replaced = before[index] !== undefined && !now.has(JSON.stringify(before[index]));
    return {
      ...card,
      number: index + 1,
      fault: ruleFault(card.rule, kind),
      mark: isKnown ? null : replaced ? 'changed' : 'new',
    };
  });
}

/** The first thing that keeps the model from being saved; null where nothing does. */
export function modelFault(model: RuleModel): string | null {
  for (const direction of ['ingress', 'egress'] as const)
    for (const { number, fault } of numbered(model.cards, { kind: model.policy.kind, direction }, []))
      if (fault) return `${direction === 'ingress' ? 'Inbound' : 'Outbound'} rule ${number} is not complete: ${fault}`;
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
      return [...cards, { id: nextId, rule: edit.rule }];
    case 'change':
      return cards.map((card) => (card.id === edit.id ? { id: edit.id, rule: edit.rule } : card));
    case 'remove':
      return cards.filter(({ id }) => id !== edit.id);
    case 'duplicate':
      return cards.flatMap((card) => (card.id === edit.id ? [card, { id: nextId, rule: card.rule }] : [card]));
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
