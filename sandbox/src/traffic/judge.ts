import type { Decider, Endpoint, Engine, Explanation, Policy, SideExplanation } from '@bartizan/policy';
import { compile, lowerPolicy } from '@bartizan/policy';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { labelsOf, namespaceOf, uidOf } from '../kubernetes/object.ts';
import { isInEffect } from '../kubernetes/policy-schema.ts';
import type { Store } from '../kubernetes/store.ts';
import { clusterName } from '../world/places.ts';
import type { Attempt } from './attempt.ts';
import type { End } from './ends.ts';
import { listed, namespaceLabels } from './ends.ts';
import { outside } from './outside.ts';

/** What one side of a connection came to. */
export interface SideJudgement {
  /** `none`: nobody enforces policies at that end. */
  readonly verdict: 'allowed' | 'denied' | 'none';
  /** Whether a deny rule matched, or no rule did. */
  readonly because: 'deny' | 'default-deny' | 'other';
  readonly policies: readonly PolicyMark[];
  /** As Hubble numbers it: none 0, L3-Only 1, L3-L4 2, L4-Only 3, All 4. */
  readonly matchType: number;
  /** Whether a proxy looks into the connection, and what it makes of the request. */
  readonly proxy: 'absent' | 'lets-pass' | 'refuses';
}

export interface Judgement {
  readonly egress: SideJudgement;
  readonly ingress: SideJudgement;
}

export interface PolicyMark {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
  readonly labels: readonly string[];
  readonly revision: number;
}

export type Judge = (attempt: Attempt) => Judgement;

const policyKinds = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'];

/** A judge that knows the policies as they stand in the store now. */
export function createJudge(store: Store): Judge {
  const objects = policyKinds.flatMap((kind) => listed(store, kind)).filter(isInEffect);
  const marks = new Map<string, PolicyMark>();
  const policies = objects.flatMap((object): Policy[] => {
    const lowered = lowerPolicy(object);
    if (!lowered.ok) return [];
    marks.set(lowered.value.ref, markOf(object, store.version()));
    return [lowered.value];
  });
  const world = { cluster: clusterName, endpoints: endpointsOf(store), cidrGroups: groupsOf(store) };
  const engine = compile(policies, world, { stack: 'ipv4', labelFilter: true });
  const known = new Map<string, Judgement>();
  return (attempt) => {
    const { from, to, port, protocol, http, dns } = attempt;
    const key = `${from.id} ${to.id} ${port} ${protocol} ${http?.method ?? ''} ${http?.path ?? ''} ${dns ?? ''}`;
    const judgement = known.get(key) ?? judge(engine, attempt, marks);
    known.set(key, judgement);
    return judgement;
  };
}

function judge(engine: Engine, attempt: Attempt, marks: ReadonlyMap<string, PolicyMark>): Judgement {
  const { http, dns } = attempt;
  const explanation: Explanation = engine.explain({
    from: idOf(attempt.from),
    to: idOf(attempt.to),
    port: attempt.port,
    protocol: attempt.protocol,
    ...(http ? { http: { method: http.method, path: http.path } } : {}),
    ...(dns === undefined ? {} : { dns: { name: dns } }),
  });
  const { egress, ingress } = explanation.sides;
  return { egress: sideOf(egress, marks), ingress: sideOf(ingress, marks) };
}

/** Known ends go by their id; an address that only turned up now is described. */
function idOf(end: End): string | { readonly cidr: string } {
  return end.kind === 'world' && end.names.length === 0 ? { cidr: `${end.address}/32` } : end.id;
}

function sideOf(side: SideExplanation, marks: ReadonlyMap<string, PolicyMark>): SideJudgement {
  if (side.reason === 'not-enforced' || side.reason === 'no-policy' || side.verdict === 'error') return open;
  const refused = side.reason === 'l7';
  const denied = side.verdict === 'denied' && !refused;
  const proxy = refused ? 'refuses' : side.l7 ? 'lets-pass' : 'absent';
  const because = side.reason === 'deny' ? 'deny' : side.reason === 'default-deny' ? 'default-deny' : 'other';
  const deciders = refused ? (side.l7?.rules ?? []) : side.decidedBy.filter(({ effect }) => effect !== 'default-deny');
  const refs = [...new Set(deciders.map(({ policy }) => policy))];
  const policies = refs.flatMap((ref) => marks.get(ref) ?? []);
  return { verdict: denied ? 'denied' : 'allowed', because, policies, matchType: matchTypeOf(side, refused), proxy };
}

const open: SideJudgement = { verdict: 'none', because: 'other', policies: [], matchType: 0, proxy: 'absent' };

function matchTypeOf(side: SideExplanation, refused: boolean): number {
  if (refused) return 2;
  const first: Decider | undefined = side.decidedBy.find(({ effect }) => effect !== 'default-deny');
  if (!first) return side.reason === 'local-host' ? 1 : side.reason === 'no-default-deny' ? 4 : 0;
  if (first.peer === undefined) return first.port === undefined ? 4 : 3;
  return first.port === undefined ? 1 : 2;
}

function markOf(object: KubeObject, revision: number): PolicyMark {
  const namespace = namespaceOf(object);
  const { name } = object.metadata;
  const fixed = [
    `k8s:io.cilium.k8s.policy.derived-from=${object.kind}`,
    `k8s:io.cilium.k8s.policy.name=${name}`,
    ...(namespace === '' ? [] : [`k8s:io.cilium.k8s.policy.namespace=${namespace}`]),
    `k8s:io.cilium.k8s.policy.uid=${uidOf(object)}`,
  ];
  return { name, namespace, kind: object.kind, labels: fixed, revision: revision % 100_000 };
}

function endpointsOf(store: Store): Endpoint[] {
  const pods = listed(store, 'Pod').map((pod): Endpoint => {
    const namespace = namespaceOf(pod);
    const spec = pod['spec'];
    const status = pod['status'];
    return {
      id: `${namespace}/${pod.metadata.name}`,
      namespace,
      labels: labelsOf(pod),
      namespaceLabels: namespaceLabels(store, namespace),
      serviceAccount: isObject(spec) ? String(spec['serviceAccountName'] ?? 'default') : 'default',
      ip: isObject(status) ? String(status['podIP'] ?? '') : '',
      ports: isObject(spec) ? portsOf(spec['containers']) : [],
    };
  });
  const named = outside.map(({ name, address }): Endpoint => ({
    id: `world:${address}`,
    cidr: `${address}/32`,
    names: [name],
  }));
  return [...pods, { id: 'host', entity: 'host' }, ...named];
}

function portsOf(containers: Json | undefined): { name: string; port: number; protocol: string }[] {
  if (!Array.isArray(containers)) return [];
  return containers.filter(isObject).flatMap(({ ports }) =>
    (Array.isArray(ports) ? ports : []).filter(isObject).map((port) => ({
      name: String(port['name'] ?? ''),
      port: Number(port['containerPort']),
      protocol: String(port['protocol'] ?? 'TCP'),
    })),
  );
}

function groupsOf(store: Store): { name: string; labels: Readonly<Record<string, string>>; cidrs: string[] }[] {
  return listed(store, 'CiliumCIDRGroup').map((group) => {
    const spec = group['spec'];
    const cidrs = isObject(spec) && Array.isArray(spec['externalCIDRs']) ? spec['externalCIDRs'].map(String) : [];
    return { name: group.metadata.name, labels: labelsOf(group), cidrs };
  });
}
