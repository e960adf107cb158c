import { expect, test } from 'vitest';
import { changeDocument, startDocument } from './document-state.ts';
import { newRule } from './rule-edit.ts';
import { saveFault } from './save-fault.ts';
import { createThoughts } from './thoughts.ts';

const thoughts = createThoughts();

const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {}
  ingress:
  - fromEntities: [host]
`;
const open = (manifest: string) => startDocument(thoughts.read(manifest));
const usual = { base: null, openInput: null, broken: null };

test('a sound policy that differs from the cluster can be saved', () => {
  expect(saveFault({ ...usual, state: open(text) })).toBeNull();
  expect(saveFault({ ...usual, state: open(text), base: text })).toBe('Nothing differs from the cluster');
});

test('each reason why not is said', () => {
  const state = open(text);
  expect(saveFault({ ...usual, state: open(text.replace('name: web, ', '')) })).toBe('The policy needs a name');
  expect(saveFault({ ...usual, state: open(text.replace(', namespace: shop', '')) })).toBe(
    'The policy needs a namespace',
  );
  expect(saveFault({ ...usual, state: open(text.replace('[host]', '[hose]')) })).toMatch(/^Line 7: /);
  expect(saveFault({ ...usual, state, openInput: 'app=fr' })).toMatch(/^“app=fr” is typed/);
  expect(saveFault({ ...usual, state, broken: 'a bug' })).toContain('a bug');
  expect(saveFault({ ...usual, state: changeDocument(state, { type: 'typed', text: '' }) })).toMatch(/being read/);
  const rule = { ...newRule('egress'), peers: [{ type: 'cidr' as const, cidr: '' }] };
  const added = changeDocument(state, { type: 'cards', edit: { do: 'add', rule } });
  expect(saveFault({ ...usual, state: added })).toMatch(/^Outbound rule 1 is not complete/);
});
