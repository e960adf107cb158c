import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/register.ts';
import { placeOfDraft } from '../policies/place.ts';
import { previewDraft } from '../policies/preview.ts';
import type { PolicyRoom } from '../policies/room.ts';
import { flowScope, selectEnvironment } from '../selection.ts';
import { flowCoverage } from './flows.ts';
import { readObservedQuery } from './observed-query.ts';

export function policyPreviewHandler(deps: Deps, room: PolicyRoom): Handlers['previewPolicy'] {
  return async ({ params, query, body, signal }) => {
    const selection = selectEnvironment(deps, params.env);
    const { window } = readObservedQuery(query, { fields: {}, nowMs: deps.clock().getTime() });
    const { effects } = room;
    return previewDraft({
      text: body.manifest,
      locate: (draft) => placeOfDraft(deps, selection, draft),
      pods: room.pods,
      effectOf:
        effects &&
        (async (cluster, draft) => {
          const told = await effects.of({ cluster, scope: flowScope(selection), window, draft, signal });
          const coverage = await flowCoverage(deps, selection, { window: told.window, filter: [] });
          return { ...told.counts, coverage };
        }),
      signal,
    });
  };
}
