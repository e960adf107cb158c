import { lowerPolicy, policyKindOf } from '../lower/lower-policy.ts';
import type { L7RuleExplanation, NearMiss, SideExplanation } from '../model/explanation.ts';
import type { PolicyRef } from '../model/policy.ts';
import type { Protocol } from '../model/protocol.ts';
import type { Endpoint, Flow } from '../model/world.ts';
import type { JsonObject } from '../source/json.ts';
import type { Manifest } from '../source/manifest.ts';
import { draftOf, listAt, newDraft, objectAt, specOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { policyName } from './policy-name.ts';
import { peerOf } from './peer-of.ts';
import { hasPorts, portItem, portOf } from './port-of.ts';
import { steadyLabels } from './steady-labels.ts';

/** One side of a denied connection, and all that a change of policies may rest on. */
export interface Denial {
  readonly side: SideExplanation;
  readonly nearest: readonly NearMiss[];
  readonly subject: Endpoint;
  readonly peer: Endpoint;
  readonly protocol: Protocol;
  readonly port: number;
  readonly flow: Flow;
  readonly cluster: string;
  readonly manifests: ReadonlyMap<PolicyRef, Manifest>;
  readonly learnsNames: boolean;
}

const mostPolicies = 4;

/** Changes that may open the side, those that people find easiest to read first. */
export function candidatesOf(denial: Denial): readonly Draft[] {
  const { side, nearest, manifests } = denial;
  const near = nearest.filter(({ direction }) => direction === side.direction);
  const widened = near.flatMap((miss) => widenPorts(miss, denial) ?? []);
  const named = new Set([...near.map(({ policy }) => policy), ...side.policies]);
  const added = [...named]
    .filter((ref) => manifests.has(ref) && side.walk.some(({ policy, says }) => policy === ref && says === 'nothing'))
    .slice(0, mostPolicies)
    .flatMap((ref) => addRule(ref, denial) ?? []);
  return [...widened, ...added, ...newPolicies(denial)];
}

/** The same peers on one more port, where nothing but the port differs and it is known who they are. */
function widenPorts({ policy, path, differs }: NearMiss, denial: Denial): Draft | undefined {
  const [difference, second] = differs;
  const manifest = denial.manifests.get(policy);
  if (!manifest || !difference || second || !['port', 'protocol'].includes(difference.what)) return undefined;
  const list = difference.path.replace(/\[\d+\]$/, '');
  const kind = policyKindOf(manifest.object);
  const rule = objectAt(manifest, path);
  const ports = denial.port > 0 && hasPorts(denial.protocol) ? { ...denial, kind: kind ?? 'NetworkPolicy' } : undefined;
  if (!list.endsWith('.ports') || !rule || !ports) return undefined;
  const entry = objectAt(manifest, list.slice(0, -'.ports'.length)) ?? {};
  const isPlain = kind === 'NetworkPolicy' || Object.keys(entry).every((key) => key === 'ports');
  if (!isPlain || !namesItsPeers(manifest, path)) return undefined;
  const { toPorts: _toPorts, ports: _ports, icmps: _icmps, ...peers } = rule;
  const only = portOf(ports);
  if (typeof only === 'string') return undefined;
  const items = listAt(manifest, list);
  return draftOf(manifest, {
    direction: denial.side.direction,
    path: `${list}[${items.length}]`,
    rule: { ...peers, ...only },
    put: [list, [...items, portItem(ports)]],
  });
}

/** Whether a rule names pods, or single ends: a wider port for the world or a block opens it for more than anybody has seen. */
function namesItsPeers(manifest: Manifest, path: string): boolean {
  const lowered = lowerPolicy(manifest.object);
  const peers = lowered.ok ? lowered.value.rules.find((rule) => rule.path === path)?.peers : undefined;
  return (
    peers?.type === 'list' &&
    peers.peers.every(
      (peer) =>
        peer.type === 'endpoints' ||
        (peer.type === 'fqdn' && peer.matchName !== undefined) ||
        (peer.type === 'entity' && peer.entity === 'host'),
    )
  );
}

/** A rule more in a policy that selects the subject already. */
function addRule(ref: PolicyRef, denial: Denial): Draft | undefined {
  const manifest = denial.manifests.get(ref);
  const kind = manifest && policyKindOf(manifest.object);
  const walked = denial.side.walk.find(({ policy }) => policy === ref);
  if (!manifest || !kind || !walked) return undefined;
  const { direction } = denial.side;
  const namespace = kind === 'CiliumClusterwideNetworkPolicy' ? '' : manifest.namespace || 'default';
  const rule = ruleFor({ ...denial, kind, namespace });
  if (typeof rule === 'string') return undefined;
  const list = `${specOf(walked.path)}.${direction}`;
  const rules = listAt(manifest, list);
  return draftOf(manifest, { direction, path: `${list}[${rules.length}]`, rule, put: [list, [...rules, rule]] });
}

/** A policy for the subject alone; the second form never isolates what is not isolated yet (Cilium 1.16). */
function newPolicies(denial: Denial): Draft[] {
  const { subject, peer, port, side } = denial;
  const { direction } = side;
  const namespace = subject.namespace ?? '';
  const kind = 'CiliumNetworkPolicy';
  const rule = namespace === '' ? '' : ruleFor({ ...denial, kind, namespace });
  if (typeof rule === 'string') return [];
  const taken = [...denial.manifests.values()].filter((one) => one.namespace === namespace).map(({ name }) => name);
  const name = policyName({ subject, peer, port, direction }, taken);
  const spec = { endpointSelector: { matchLabels: steadyLabels(subject.labels ?? {}) }, [direction]: [rule] };
  const object = { apiVersion: 'cilium.io/v2', kind, metadata: { name, namespace } };
  const change = { direction, path: `spec.${direction}[0]`, rule };
  const isFirst = direction === 'ingress' && side.policies.length === 0;
  const named = (draft: Draft | undefined): Draft[] =>
    draft ? [isFirst ? { ...draft, words: `${draft.words} ${nodeToo}` } : draft] : [];
  return [
    ...named(newDraft({ ...object, spec }, change)),
    ...named(newDraft({ ...object, spec: { ...spec, enableDefaultDeny: { [direction]: false } } }, change)),
  ];
}

/** Seen where policies are enforced always: the local host has no rule of its own until a policy selects the pod. */
const nodeToo = 'The node that the pod runs on may then reach it as well, on every port.';

type RuleQuestion = Denial & Pick<Parameters<typeof peerOf>[0], 'kind' | 'namespace'>;

/** A rule that names just this peer and this port; a sentence where none can. */
export function ruleFor({ side, ...question }: RuleQuestion): JsonObject | string {
  const peer = peerOf({ ...question, direction: side.direction });
  if (typeof peer === 'string') return peer;
  const port = portOf(question);
  return typeof port === 'string' ? port : { ...peer, ...port };
}

/** One request or one name more that the proxy lets through. */
export function proxyCandidates({ side, flow, manifests }: Denial): readonly Draft[] {
  const item = flow.http ? requestItem(flow.http) : flow.dns && { matchName: flow.dns.name.replace(/\.$/, '') };
  if (!item) return [];
  const key = flow.http ? 'http' : 'dns';
  return (side.l7?.rules ?? []).flatMap((refusing) => {
    const manifest = manifests.get(refusing.policy);
    return (manifest && addItem(manifest, { refusing, key, item, direction: side.direction })) ?? [];
  });
}

function addItem(
  manifest: Manifest,
  {
    refusing,
    key,
    item,
    direction,
  }: { refusing: L7RuleExplanation; key: 'http' | 'dns'; item: JsonObject; direction: Denial['side']['direction'] },
): Draft | undefined {
  const list = `${refusing.path}.rules.${key}`;
  const items = listAt(manifest, list);
  const rulePath = refusing.path.replace(/\.toPorts\[\d+\]$/, '');
  const entry = objectAt(manifest, refusing.path);
  const rule = objectAt(manifest, rulePath);
  if (items.length === 0 || !entry || !rule) return undefined;
  const only = { ...rule, toPorts: [{ ...entry, rules: { [key]: [item] } }] };
  return draftOf(manifest, { direction, path: `${list}[${items.length}]`, rule: only, put: [list, [...items, item]] });
}

/** Envoy compares the whole path, query included; another query of the same path is let through as well. */
function requestItem({ method, path }: NonNullable<Flow['http']>): JsonObject {
  const [plain = '', query] = path.split('?', 2);
  const literal = plain.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
  return { method, path: query === undefined ? literal : `${literal}(\\?.*)?` };
}
