import { expect, test } from 'vitest';
import { changeDocument, isSettled, nextThought, startDocument } from './document-state.ts';
import type { DocumentState } from './document-state.ts';
import { newRule } from './rule-edit.ts';
import { createThoughts } from './thoughts.ts';

const thoughts = createThoughts();

const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop} # ours
spec:
  endpointSelector: {}
  ingress:
  - fromEntities: [host]
`;
const start = startDocument(thoughts.read(text));

/** What the worker would do, until there is nothing to do. */
function settle(state: DocumentState): DocumentState {
  const next = nextThought(state);
  if (!next) return state;
  if (next.think === 'read') return settle(changeDocument(state, { type: 'read', reading: thoughts.read(next.text) }));
  const { model, rules } = next;
  return settle(changeDocument(state, { type: 'applied', model, changed: thoughts.apply({ text: next.text, rules }) }));
}

test('a rule that is added gets into the text, and nothing else changes', () => {
  const rule = { ...newRule('ingress'), peers: [{ type: 'entity' as const, entity: 'cluster' }] };
  const edited = changeDocument(start, { type: 'cards', edit: { do: 'add', rule } });
  expect(isSettled(edited)).toBe(false);
  expect(settle(edited).text).toBe(`${text}  - fromEntities:\n    - cluster\n`);
});

test('an incomplete rule stays on its card and out of the text', () => {
  const rule = { ...newRule('ingress'), peers: [{ type: 'entity' as const, entity: '' }] };
  const edited = settle(changeDocument(start, { type: 'cards', edit: { do: 'add', rule } }));
  expect(edited.text).toBe(text);
  expect(edited.model?.cards).toHaveLength(2);
});

test('switching to and fro changes no byte', () => {
  const typed = settle(changeDocument(start, { type: 'typed', text: `# a comment\n${text}` }));
  expect(typed.model?.cards).toHaveLength(1);
  expect(settle(typed).text).toBe(`# a comment\n${text}`);
});

test('a text that Rule mode cannot show has no cards, and keeps every byte', () => {
  const typed = settle(changeDocument(start, { type: 'typed', text: `${text}  log: {value: a}\n` }));
  expect(typed.model).toBeNull();
  expect(typed.text).toContain('log: {value: a}');
  const edited = changeDocument(typed, { type: 'cards', edit: { do: 'remove', id: 1 } });
  expect(edited).toBe(typed);
});

test('an answer about an older text or model is passed over', () => {
  const typed = changeDocument(start, { type: 'typed', text: `${text}\n` });
  expect(changeDocument(typed, { type: 'read', reading: thoughts.read(text) })).toBe(typed);
  const { model } = start;
  if (!model) throw new Error('it can be shown');
  const first = changeDocument(start, { type: 'policy', policy: { ...model.policy, description: 'a' } });
  const wanted = first.wanted ?? model;
  const second = changeDocument(first, { type: 'policy', policy: { ...model.policy, description: 'ab' } });
  const changed = thoughts.apply({ text, rules: { ...wanted.policy, rules: [] } });
  expect(changeDocument(second, { type: 'applied', model: wanted, changed })).toBe(second);
});
