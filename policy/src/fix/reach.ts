import { membersOf } from '../evaluate/bitset.ts';
import type { Engine } from '../evaluate/engine.ts';
import type { Slot } from '../evaluate/engine-state.ts';
import { sideSource } from '../evaluate/side-source.ts';
import type { Flow } from '../model/world.ts';
import type { Draft } from './draft.ts';
import { steadyLabels } from './steady-labels.ts';

/** Where a change leads: how many pairs of workloads it opens on one port, and whether it begins to deny what nobody denied. */
export interface Reach {
  readonly opens: number;
  readonly isolates: boolean;
}

/** More ends than these are not asked one by one; the asked connection's own are among the first. */
const mostSubjects = 100;
const mostPeers = 200;

/** Compares one side of all pairs of known ends before and after a change. Ends that policies cannot tell apart are one. */
export function reachOf(draft: Draft, before: Engine, flow: Pick<Flow, 'port' | 'protocol'>): Reach {
  const { direction, policy } = draft;
  const after = before.update({ policies: { put: [policy] } });
  const ends = [...new Map([...before.state.slots.values()].map((slot) => [slot.identity.key, slot])).values()];
  const touched = new Set([before, after].flatMap((engine) => selectedPlaces(engine, draft)));
  const subjects = ends.filter((slot) => slot.isEnforced && touched.has(slot.place)).slice(0, mostSubjects);
  const peers = ends.slice(0, mostPeers);
  const isolated = { before: isolation(before), after: isolation(after) };
  const opened = new Set<string>();
  for (const subject of subjects) {
    for (const peer of peers) {
      const [from, to] = direction === 'ingress' ? [peer, subject] : [subject, peer];
      const asked = { ...flow, from: from.endpoint.id, to: to.endpoint.id };
      if (after.verdict(asked)[direction] === 'allowed' && before.verdict(asked)[direction] === 'denied')
        opened.add(`${workloadKey(subject)} ${workloadKey(peer)}`);
    }
  }
  const isolates = subjects.some(
    ({ endpoint: { id } }) => isolated.after(id, direction) && !isolated.before(id, direction),
  );
  return { opens: opened.size, isolates };
}

/** The same for pods of one workload, whatever roll-out they are of. */
function workloadKey({ endpoint }: Slot): string {
  const { id, namespace, labels = {} } = endpoint;
  return namespace === undefined ? id : `${namespace} ${JSON.stringify(steadyLabels(labels))}`;
}

/** Whom the policy selects, before its change or after: of all others the change changes nothing. */
function selectedPlaces({ state }: Engine, { policy, direction }: Draft): readonly number[] {
  const rules = state.policies.get(policy.ref)?.rules ?? [];
  return rules
    .filter((rule) => rule.direction === direction)
    .flatMap(({ subject }) => [...membersOf(state.universe.matchingExactly(subject))]);
}

function isolation({ state }: Engine): (id: string, direction: Draft['direction']) => boolean {
  const sides = sideSource(state);
  return (id, direction) => {
    const slot = state.slots.get(id);
    const side = slot && sides.sideOf(slot.identity, direction);
    return typeof side === 'object' && side.isDefaultDeny;
  };
}
