import { describe, expect, test } from 'vitest';
import { compile } from '../evaluate/engine.ts';
import { lowerPolicy } from '../lower/lower-policy.ts';
import type { Flow } from '../model/world.ts';
import { printManifest } from '../print/print-manifest.ts';
import type { JsonObject } from '../source/json.ts';
import { readManifests } from '../source/read-manifests.ts';
import { smallestFix } from './smallest-fix.ts';

const endpoints = [
  { id: 'web', namespace: 'shop', labels: { app: 'web', 'pod-template-hash': '5f6' } },
  { id: 'api', namespace: 'shop', labels: { app: 'api' } },
  { id: 'mon', namespace: 'ops', labels: { app: 'mon' }, namespaceLabels: { 'kubernetes.io/metadata.name': 'ops' } },
  { id: 'batch', namespace: 'ops', labels: { app: 'batch' } },
  { id: 'named', cidr: '203.0.113.9/32', names: ['pay.example.org'] },
  { id: 'nameless', cidr: '203.0.113.10/32' },
  { id: 'host', entity: 'host' },
  { id: 'world', entity: 'world' },
];
const web = { matchLabels: { app: 'web' } };
const api = { matchLabels: { app: 'api' } };
const tcp = (port: string) => ({ ports: [{ port, protocol: 'TCP' }] });
const isolated = { endpointSelector: {}, ingress: [{}], egress: [{}] };

function cilium(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

function fix(flow: Flow & { from: string; to: string }, ...objects: readonly JsonObject[]) {
  const manifests = new Map(
    objects.map((object) => {
      const lowered = lowerPolicy(object);
      const [manifest] = readManifests(printManifest(object)).manifests;
      if (!lowered.ok || !manifest) throw new Error('not a policy');
      return [lowered.value.ref, { manifest, policy: lowered.value }] as const;
    }),
  );
  const policies = [...manifests.values()].map(({ policy }) => policy);
  const plain = new Map([...manifests].map(([ref, { manifest }]) => [ref, manifest]));
  return smallestFix({
    engine: compile(policies, { endpoints }),
    flow: { protocol: 'TCP', ...flow },
    manifests: plain,
  });
}

function only(result: ReturnType<typeof fix>) {
  if (!result.ok || result.steps.length !== 1) throw new Error(JSON.stringify(result));
  return result.steps[0];
}

describe('the smallest fix', () => {
  test('is one more port where the rule names just this peer', () => {
    const policy = cilium('api-in', {
      endpointSelector: api,
      ingress: [{ fromEndpoints: [web], toPorts: [tcp('80')] }],
    });
    const step = only(fix({ from: 'web', to: 'api', port: 8443 }, policy));
    expect(step).toMatchObject({
      policy: 'CiliumNetworkPolicy/shop/api-in',
      isNew: false,
      path: 'spec.ingress[0].toPorts[0].ports[1]',
      opens: 1,
    });
    expect(step?.text).toContain('      - port: "8443"\n        protocol: TCP\n');
    expect(step?.words).toMatch(/app=web.*8443/);
  });

  test('is a rule of its own where a wider port would let others in too', () => {
    const policy = cilium('api-in', {
      endpointSelector: api,
      ingress: [
        { fromEndpoints: [web, { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'ops' } }], toPorts: [tcp('80')] },
      ],
    });
    expect(only(fix({ from: 'web', to: 'api', port: 8443 }, policy))).toMatchObject({
      path: 'spec.ingress[1]',
      opens: 1,
    });
  });

  test('opens no port to the world because of one address', () => {
    const policy = cilium('in', {
      endpointSelector: api,
      ingress: [{ fromEntities: ['world'], toPorts: [tcp('443')] }],
    });
    const step = only(fix({ from: 'nameless', to: 'api', port: 22 }, policy));
    expect(step?.adds).toMatchObject({ spec: { ingress: [{ fromCIDR: ['203.0.113.10/32'] }] } });
  });

  test('is a new policy where the policies at hand select more than this workload', () => {
    const step = only(fix({ from: 'mon', to: 'api', port: 80 }, cilium('deny', isolated)));
    expect(step).toMatchObject({ policy: 'CiliumNetworkPolicy/shop/allow-mon-to-api-80', isNew: true, opens: 1 });
  });

  test('has a step for each side that denies, and the labels of a roll-out are in none', () => {
    const result = fix({ from: 'web', to: 'api', port: 80 }, cilium('deny', isolated));
    if (!result.ok) throw new Error(result.reason);
    expect(result.steps.map(({ direction }) => direction)).toEqual(['egress', 'ingress']);
    expect(result.steps.map(({ text }) => text).join()).not.toContain('pod-template-hash');
  });

  test('names the DNS name where the agent learns names, else the address', () => {
    const dns = { toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } }] };
    const learning = cilium('out', { endpointSelector: web, egress: [dns] });
    const blind = cilium('out', { endpointSelector: web, egress: [{ toEndpoints: [api] }] });
    expect(only(fix({ from: 'web', to: 'named', port: 443 }, learning))?.text).toContain('matchName: pay.example.org');
    expect(only(fix({ from: 'web', to: 'named', port: 443 }, blind))?.text).toContain('- 203.0.113.9/32');
    expect(only(fix({ from: 'web', to: 'nameless', port: 443 }, learning))?.text).toContain('- 203.0.113.10/32');
  });

  test('names an entity by its word, and ICMP by its type', () => {
    const out = cilium('out', { endpointSelector: web, egress: [{ toEndpoints: [api] }] });
    expect(only(fix({ from: 'web', to: 'host', port: 9100 }, out))?.text).toMatch(/toEntities:\n\s+- host/);
    expect(only(fix({ from: 'web', to: 'mon', port: 8, protocol: 'ICMP' }, out))?.text).toMatch(/icmps:[^]*type: 8/);
  });

  test('is one more request where the proxy refused it', () => {
    const http = { ...tcp('80'), rules: { http: [{ method: 'GET', path: '/ok' }] } };
    const policy = cilium('api-in', { endpointSelector: api, ingress: [{ fromEndpoints: [web], toPorts: [http] }] });
    const request = { method: 'POST', path: '/a.b?x=1' };
    const step = only(fix({ from: 'web', to: 'api', port: 80, http: request }, policy));
    expect(step).toMatchObject({ path: 'spec.ingress[0].toPorts[0].rules.http[1]', opens: 0 });
    expect(step?.text).toContain(String.raw`path: "/a\\.b(\\?.*)?"`);
  });

  test('of a NetworkPolicy stays a NetworkPolicy', () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'in', namespace: 'shop' },
      spec: { podSelector: api, ingress: [{ from: [{ podSelector: web }], ports: [{ port: 80 }] }] },
    } as JsonObject;
    expect(only(fix({ from: 'web', to: 'api', port: 81 }, policy))).toMatchObject({ path: 'spec.ingress[0].ports[1]' });
    expect(only(fix({ from: 'mon', to: 'api', port: 80 }, policy))?.text).toContain('kubernetes.io/metadata.name: ops');
  });

  test.each([
    {
      port: 80,
      to: 'api',
      because: 'A deny rule forbids it',
      spec: { endpointSelector: api, ingressDeny: [{ fromEndpoints: [web] }] },
    },
    { port: 80, to: 'world', because: 'every address outside', spec: { endpointSelector: web, egress: [{}] } },
  ])('is not proposed where $because', ({ because, spec, ...flow }) => {
    const result = fix({ from: 'web', ...flow }, cilium('p', spec as JsonObject));
    expect(result.ok ? result.steps : result.reason).toContain(because);
  });
});
