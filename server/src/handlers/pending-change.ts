import type { Deps } from '../deps.ts';
import { notFound } from '../http/problem.ts';
import type { Handler } from '../http/register.ts';
import { dropsOf } from '../policies/drops.ts';
import type { PolicyRoom } from '../policies/room.ts';
import { requirePending } from './policy-writes.ts';

export function pendingChangeHandler(deps: Deps, room: PolicyRoom): Handler<'pendingChange'> {
  return async ({ params }) => {
    requirePending(deps, room, params);
    const { change, shown } = room.pending.find(params.id);
    const cluster = deps.clusters.get(change.cluster);
    if (!cluster) throw notFound(`The cluster "${change.cluster}" is not configured any more.`, 'no-source');
    const nowMs = deps.clock().getTime();
    const drops = await dropsOf(change, { flows: deps.flows, cluster, pods: room.pods, nowMs });
    return { ...shown, madeAt: new Date(change.madeAtMs).toISOString(), drops };
  };
}
