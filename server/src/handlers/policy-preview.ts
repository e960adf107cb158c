import { lowerPolicy } from '@bartizan/policy';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/register.ts';
import { placeOf } from '../policies/place.ts';
import { previewDraft } from '../policies/preview.ts';
import type { PolicyRoom } from '../policies/room.ts';
import { flowScope, selectEnvironment } from '../selection.ts';
import { flowCoverage } from './flows.ts';
import { readObservedQuery } from './observed-query.ts';

export function policyPreviewHandler(deps: Deps, room: PolicyRoom): Handlers['previewPolicy'] {
  return async ({ params, query, body, signal }) => {
    const selection = selectEnvironment(deps, params.env);
    const { window } = readObservedQuery(query, { fields: {}, nowMs: deps.clock().getTime() });
    return previewDraft({
      text: body.manifest,
      window,
      cluster: ({ ref }) => placeOf(deps, selection, { ...ref, namespace: ref.namespace || '-' }).cluster,
      pods: room.pods,
      effects: room.effects,
      signal,
      async effectOf(effects, cluster, draft) {
        const lowered = lowerPolicy(draft.object);
        if (!lowered.ok) return null;
        const [counts, coverage] = await Promise.all([
          effects.of({ cluster, scope: flowScope(selection), window, draft: lowered.value }),
          flowCoverage(deps, selection, window),
        ]);
        return { counts, coverage };
      },
    });
  };
}
