import type { PolicyRules } from '@bartizan/policy';
import { expect, test } from 'vitest';
import { changeKind } from './change-kind.ts';
import { newRule } from './rule-edit.ts';
import { createThoughts } from './thoughts.ts';

const thoughts = createThoughts();

const pods = { type: 'pods', pods: { matchLabels: { app: 'a', 'k8s:io.kubernetes.pod.namespace': 'pay' } } } as const;
const cilium: PolicyRules = {
  kind: 'CiliumNetworkPolicy',
  name: 'web',
  namespace: 'shop',
  enabled: true,
  selector: { matchLabels: { app: 'web' } },
  rules: [
    { ...newRule('ingress'), peers: [pods] },
    { ...newRule('egress'), peers: [{ type: 'entity', entity: 'all' }] },
  ],
};

test('there and back again says the same, each kind in its own way', () => {
  const there = changeKind(cilium, 'NetworkPolicy', 'shop');
  if (!there.ok) throw new Error(there.message);
  expect(there.value.rules[0]?.peers).toEqual([
    {
      type: 'pods',
      pods: { matchLabels: { app: 'a' } },
      namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'pay' } },
    },
  ]);
  expect(there.value.rules[1]?.peers).toEqual([{ type: 'any' }]);
  expect(thoughts.print(there.value).ok).toBe(true);
  expect(changeKind(there.value, 'CiliumNetworkPolicy', 'shop')).toEqual({ ok: true, value: cilium });
});

test('what the other kind cannot say keeps the kind as it is', () => {
  const deny: PolicyRules = { ...cilium, rules: [{ ...newRule('ingress'), action: 'deny' }] };
  expect(changeKind(deny, 'NetworkPolicy', 'shop')).toMatchObject({ ok: false });
  const host: PolicyRules = {
    ...cilium,
    rules: [{ ...newRule('ingress'), peers: [{ type: 'entity', entity: 'host' }] }],
  };
  expect(changeKind(host, 'NetworkPolicy', 'shop')).toEqual({
    ok: false,
    message: 'A NetworkPolicy cannot say rule 1: it names an entity',
  });
});

test('a cluster-wide policy has no namespace, and gets one when it becomes another', () => {
  const wide = changeKind(cilium, 'CiliumClusterwideNetworkPolicy', 'shop');
  expect(wide).toMatchObject({ ok: true, value: { namespace: '' } });
  expect(wide.ok && changeKind(wide.value, 'CiliumNetworkPolicy', 'pay')).toMatchObject({
    value: { namespace: 'pay' },
  });
});
