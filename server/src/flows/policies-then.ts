import type { PolicyKind } from '@bartizan/api';
import type { Cluster, StateStore } from '@bartizan/backends';
import { policyRef } from '@bartizan/policy';
import type { Manifest, Policy, PolicyRef } from '@bartizan/policy';
import { policyKinds } from '../policies/catalogue.ts';
import { recordedSinceKey } from '../policies/observe.ts';
import type { WhyMemory } from './why-memory.ts';

/** Policies of one moment. */
export interface PolicySet {
  readonly policies: readonly Policy[];
  readonly manifests: ReadonlyMap<PolicyRef, Manifest>;
  /** In the cluster, but Cilium would refuse them: they have no effect. */
  readonly refused: readonly PolicyRef[];
}

export interface PoliciesThen {
  readonly then: PolicySet;
  readonly now: PolicySet;
  /** Those whose history does not reach back to the moment: they are judged as they are now. */
  readonly withoutHistory: readonly PolicyRef[];
  /** Those that were made, changed or deleted since. */
  readonly changedSince: readonly PolicyRef[];
  /** Those that were made, changed or deleted within a minute of the moment. */
  readonly changedAround: readonly PolicyRef[];
  /** Since when versions are recorded, RFC 3339. */
  readonly recordedSince: string | null;
  /** Kinds of policies that cannot be read, and why. */
  readonly unread: readonly { readonly kind: PolicyKind; readonly reason: string }[];
}

const aroundMs = 60_000;

/** The text of each policy; null where there was none of this name. */
type Texts = ReadonlyMap<PolicyRef, string | null>;

/** The policies that can decide about pods of some namespaces, as they were at a moment, from the versions that were recorded. */
export async function policiesThen(asked: {
  readonly cluster: Cluster;
  readonly state: StateStore;
  readonly atMs: number;
  readonly namespaces: readonly (string | undefined)[];
  readonly memory: Pick<WhyMemory, 'textOf' | 'read'>;
}): Promise<PoliciesThen> {
  const { cluster, state, atMs, namespaces, memory } = asked;
  const isNear = (namespace: string): boolean => namespace === '' || namespaces.includes(namespace);
  const recorded = async (ms: number): Promise<Texts> => {
    const revisions = await state.revisionsBefore({ cluster: cluster.name, atMs: ms });
    const near = revisions.filter(({ namespace }) => isNear(namespace));
    return new Map(near.map(({ kind, namespace, name, after }) => [policyRef(kind, namespace, name), after]));
  };
  const [before, then, after, recordedSince] = await Promise.all([
    recorded(atMs - aroundMs),
    recorded(atMs),
    recorded(atMs + aroundMs),
    state.readSetting(recordedSinceKey(cluster.name)),
  ]);
  const objects = policyKinds
    .flatMap((kind) => cluster.list(kind))
    .filter(({ metadata }) => isNear(metadata.namespace ?? ''));
  const now = new Map(
    objects.map((object) => [
      policyRef(object.kind, object.metadata.namespace ?? '', object.metadata.name),
      memory.textOf(object),
    ]),
  );
  const old = objects.filter(({ metadata }) => !(Date.parse(metadata.creationTimestamp ?? '') > atMs));
  const withoutHistory = old
    .map(({ kind, metadata }) => policyRef(kind, metadata.namespace ?? '', metadata.name))
    .filter((ref) => !then.has(ref));
  const judged = new Map([...withoutHistory.map((ref) => [ref, now.get(ref) ?? null] as const), ...then]);
  return {
    then: setOf(judged, memory),
    now: setOf(now, memory),
    withoutHistory,
    changedSince: differing(judged, now),
    changedAround: differing(before, after).filter((ref) => !withoutHistory.includes(ref)),
    recordedSince,
    unread: policyKinds.flatMap((kind) => {
      const watch = cluster.state(kind);
      if (watch.state === 'ok' || watch.state === 'missing') return [];
      return [{ kind, reason: 'reason' in watch ? watch.reason : 'they are still being read' }];
    }),
  };
}

function differing(one: Texts, other: Texts): PolicyRef[] {
  const refs = [...new Set([...one.keys(), ...other.keys()])];
  return refs.filter((ref) => (one.get(ref) ?? null) !== (other.get(ref) ?? null)).toSorted();
}

function setOf(texts: Texts, memory: Pick<WhyMemory, 'read'>): PolicySet {
  const policies: Policy[] = [];
  const manifests = new Map<PolicyRef, Manifest>();
  const refused: PolicyRef[] = [];
  for (const [ref, text] of texts) {
    const read = text === null ? null : memory.read(text);
    if (!read) continue;
    if (read.policy) {
      policies.push(read.policy);
      manifests.set(ref, read.manifest);
    } else refused.push(ref);
  }
  return { policies, manifests, refused };
}
