import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { lowerPolicy, policyKindOf } from './lower-policy.ts';

const cilium = (spec: unknown): unknown => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'p', namespace: 'shop' },
  spec,
});

test('each rule keeps its name, its path and its place in the manifest', () => {
  const lowered = lowerPolicy({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'p' },
    specs: [
      { endpointSelector: {}, ingress: [{}] },
      { endpointSelector: {}, egressDeny: [{ toCIDR: ['10.0.0.0/8', '11.0.0.0/8'] }] },
    ],
  });
  expect(lowered).toMatchObject({
    ok: true,
    value: {
      ref: 'CiliumClusterwideNetworkPolicy/p',
      rules: [
        { name: 'specs[0].ingress[0]', path: 'specs[0].ingress[0]', peers: { type: 'nobody', empty: 'empty-rule' } },
        {
          name: 'specs[1].egressDeny[0]',
          effect: 'deny',
          peers: { peers: [{ index: 0 }, { index: 1, path: 'specs[1].egressDeny[0].toCIDR[1]' }] },
        },
      ],
    },
  });
});

test('the four empty cases are told apart', () => {
  const emptyOf = (item: object): unknown => {
    const lowered = lowerPolicy(cilium({ endpointSelector: {}, ingress: [item] }));
    return lowered.ok ? lowered.value.rules[0]?.peers : lowered.problems;
  };
  const ports = { toPorts: [{ ports: [{ port: '80' }] }] };
  expect(emptyOf({})).toEqual({ type: 'nobody', empty: 'empty-rule' });
  expect(emptyOf(ports)).toEqual({ type: 'any' });
  expect(emptyOf({ fromEndpoints: [], ...ports })).toEqual({ type: 'nobody', empty: 'empty-list' });
  expect(emptyOf({ fromEndpoints: null, ...ports })).toEqual({ type: 'any' });
  expect(
    lowerPolicy({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p' } }),
  ).toMatchObject({
    value: { namespace: 'default', rules: [{ name: 'ingress', peers: { type: 'nobody', empty: 'no-rule' } }] },
  });
});

test('what cannot be read is a problem with its path, and reading goes on', () => {
  const spec = {
    endpointSelector: {},
    ingress: [{ fromEntities: ['moon'], toPorts: [{ ports: [{ port: '80-90' }] }] }, 7],
  };
  const lowered = lowerPolicy(cilium(spec));
  expect(lowered.ok ? [] : lowered.problems.map(({ path }) => path)).toEqual([
    'spec.ingress[1]',
    'spec.ingress[0].toPorts[0].ports[0].port',
    'spec.ingress[0].fromEntities[0]',
  ]);
});

test.each([
  undefined,
  null,
  7,
  [],
  {},
  { kind: 'Pod' },
  { kind: 'NetworkPolicy', apiVersion: 'crd.projectcalico.org/v1' },
])('%j is no policy', (object) => {
  expect(policyKindOf(object)).toBeUndefined();
  expect(lowerPolicy(object).ok).toBe(false);
});

const knp = (rule: object): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { podSelector: {}, ingress: [rule] },
});
const cnp = (rule: object): unknown => cilium({ endpointSelector: {}, egress: [rule] });

test.each([
  ['a port', knp({ ports: [{ port: {} }] })],
  ['a protocol', knp({ ports: [{ port: 80, protocol: {} }] })],
  ['an ICMP type', cnp({ icmps: [{ fields: [{ type: {} }] }] })],
  ['a listener', cnp({ toPorts: [{ ports: [{ port: '80' }], listener: { name: {}, envoyConfig: { name: 'a' } } }] })],
  ['a mode', cnp({ authentication: { mode: {} } })],
])('%s that is a map is a problem, however the object was read', (_, object) => {
  const [read] = readManifests(JSON.stringify(object)).manifests;
  for (const each of [object, read?.object])
    expect(lowerPolicy(each)).toMatchObject({ ok: false, problems: [{ code: 'unreadable' }] });
});

test('an API version that is a map is that of no policy', () => {
  const [read] = readManifests('{"apiVersion":{},"kind":"NetworkPolicy","metadata":{"name":"p"}}').manifests;
  expect(policyKindOf(read?.object)).toBeUndefined();
});

test('nothing that JSON can say makes it throw', () => {
  const names =
    'endpointSelector ingress egressDeny fromEndpoints toPorts ports port toCIDRSet cidr matchLabels matchExpressions key ' +
    'values icmps fields type listener name authentication mode protocol __proto__ constructor';
  const field = fc.constantFrom(...names.split(' '));
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.jsonValue(),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(field, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.boolean(), (spec, isKubernetes) => {
      const object = cilium(spec) as object;
      const kubernetes = { ...object, apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
      const [read] = readManifests(JSON.stringify(isKubernetes ? kubernetes : object)).manifests;
      expect(typeof lowerPolicy(read?.object).ok).toBe('boolean');
    }),
    { numRuns: 500 },
  );
});
