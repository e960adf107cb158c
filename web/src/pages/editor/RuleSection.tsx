import type { PolicyRule } from '@bartizan/policy';
import { useEffect, useEffectEvent, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { DocumentAction } from '../../editor/document-state.ts';
import { isolates, isolationWords, setIsolation } from '../../editor/isolation.ts';
import { newRule } from '../../editor/rule-edit.ts';
import { numbered } from '../../editor/rule-model.ts';
import type { Card, CardEdit, RuleModel } from '../../editor/rule-model.ts';
import { Button } from '../../ui/Button.tsx';
import { RuleCard } from './RuleCard.tsx';
import { Slot } from './Slot.tsx';

interface Props {
  readonly model: RuleModel;
  readonly direction: PolicyRule['direction'];
  readonly base: readonly Card[];
  readonly dispatch: (action: DocumentAction) => void;
}

/** The rules of one direction, and what happens to connections that none of them names. */
export function RuleSection({ model, direction, base, dispatch }: Props): ReactNode {
  const list = useRef<HTMLOListElement>(null);
  const {
    cards: all,
    policy: { kind },
  } = model;
  const cards = useMemo(() => numbered(all, { kind, direction }, base), [all, kind, direction, base]);
  const title = direction === 'ingress' ? 'Inbound' : 'Outbound';
  const edit = (made: CardEdit) => dispatch({ type: 'cards', edit: made });
  const moveByKey = useEffectEvent((event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
    const card = event.target instanceof Element ? event.target.closest('[data-card]') : null;
    if (!event.altKey || by === null || !card) return;
    event.preventDefault();
    edit({ do: 'move', id: Number(card.getAttribute('data-card')), by });
  });
  useEffect(() => {
    const element = list.current;
    const listen = (event: KeyboardEvent) => moveByKey(event);
    element?.addEventListener('keydown', listen);
    return () => element?.removeEventListener('keydown', listen);
  }, []);
  const add = () => {
    edit({ do: 'add', rule: newRule(direction) });
    requestAnimationFrame(() => list.current?.querySelector<HTMLInputElement>(':scope > li:last-child input')?.focus());
  };
  return (
    <section aria-label={`${title} rules`}>
      <div className="sec rules-head">
        <h2>{title}</h2>
        <span className="sub">{isolationWords(model, direction)}</span>
        <span className="push" />
        <label className="small second others">
          everything else{' '}
          <Slot
            label={`${title}: everything else`}
            value={isolates(model, direction) ? 'dropped' : 'left'}
            options={[
              { value: 'dropped', label: 'is dropped' },
              { value: 'left', label: 'stays as it was' },
            ]}
            onChange={(value) =>
              dispatch({ type: 'policy', policy: setIsolation(model, direction, value === 'dropped') })
            }
          />
        </label>
        <Button label={`Add rule, ${title.toLowerCase()}`} icon="plus" small onPress={add}>
          <span>Add rule</span>
        </Button>
      </div>
      <ol ref={list}>
        {cards.map((card) => (
          <RuleCard
            key={card.id}
            id={card.id}
            rule={card.rule}
            number={card.number}
            fault={card.fault}
            mark={card.mark}
            isLast={card.number === cards.length}
            kind={model.policy.kind}
            namespace={model.policy.namespace}
            dispatch={dispatch}
          />
        ))}
      </ol>
    </section>
  );
}
