import { PolicyKind } from '@bartizan/api';
import type { DeletedPolicy, PolicyRevision } from '@bartizan/api';
import type { Revision, RevisionHead } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/register.ts';
import { placeOf } from '../policies/place.ts';
import { pageOf } from '../views/page-view.ts';
import { clustersOf, namespacesIn, selectEnvironment } from '../selection.ts';
import type { Selection } from '../selection.ts';

export function policyHistoryHandlers(deps: Deps): Pick<Handlers, 'policyRevisions' | 'deletedPolicies'> {
  return {
    async policyRevisions({ params, query }) {
      const { cluster, ref } = placeOf(deps, selectEnvironment(deps, params.env), params);
      const all = await deps.state.revisions({ cluster: cluster.name, ...ref });
      return pageOf(all.map(revisionView), query);
    },

    async deletedPolicies({ params, query }) {
      const selection = selectEnvironment(deps, params.env);
      return pageOf((await deletedIn(deps, selection)).map(deletedView), query);
    },
  };
}

async function deletedIn(deps: Deps, selection: Selection): Promise<readonly RevisionHead[]> {
  const heads = await Promise.all(
    clustersOf(deps, selection).map(async (cluster) => {
      const namespaces = namespacesIn(selection, cluster);
      const latest = await deps.state.latestRevisions(cluster.name);
      return latest.filter(({ isGone, namespace }) => isGone && (namespace === '' || namespaces.includes(namespace)));
    }),
  );
  return heads.flat().toSorted((a, b) => b.atMs - a.atMs);
}

function deletedView(head: RevisionHead): DeletedPolicy {
  const { name, namespace, kind } = head;
  return { name, namespace, kind: PolicyKind.parse(kind), ...headView(head) };
}

function revisionView(revision: Revision): PolicyRevision {
  return { ...headView(revision), manifest: revision.after };
}

function headView({
  revision,
  atMs,
  by,
  action,
  note,
}: Omit<RevisionHead, 'isGone'>): Omit<PolicyRevision, 'manifest'> {
  return { revision, at: new Date(atMs).toISOString(), by, action, ...(note === null ? {} : { note }) };
}
