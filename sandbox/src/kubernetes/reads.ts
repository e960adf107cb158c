import type { JsonObject } from '../json.ts';
import type { KubeObject } from './object.ts';
import { namespaceOf } from './object.ts';
import type { Resource } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import type { Match } from './selectors.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { Status } from './status.ts';
import { badRequest, failure, gone } from './status.ts';
import type { Store } from './store.ts';

export type Selection = { readonly ok: true; readonly match: Match } | { readonly ok: false; readonly status: Status };

export function readSelection(query: URLSearchParams): Selection {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) return { ok: false, status: badRequest(labels.message) };
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  if (!fields.ok) return { ok: false, status: badRequest(fields.message) };
  return { ok: true, match: (object) => labels.match(object) && fields.match(object) };
}

export interface ListRequest {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly match: Match;
  readonly query: URLSearchParams;
}

/** Pages are cut from the objects as they are now; `continue` names the last one seen. */
export function listObjects(
  store: Store,
  { resource, namespace, match, query }: ListRequest,
): { readonly ok: true; readonly list: JsonObject } | { readonly ok: false; readonly status: Status } {
  const asked = Number(query.get('resourceVersion') || '0');
  if (asked > store.version()) {
    return {
      ok: false,
      status: failure(504, 'Timeout', `Too large resource version: ${asked}, current: ${store.version()}`),
    };
  }
  if (query.get('resourceVersionMatch') === 'Exact' && asked < store.version()) {
    return { ok: false, status: gone(asked, store.version()) };
  }
  const after = decode(query.get('continue'));
  if (after === undefined) return { ok: false, status: badRequest('continue key is not valid') };
  const rest = store.list(resource, namespace).filter((object) => keyOf(object) > after && match(object));
  const limit = Number(query.get('limit') || '0') || rest.length;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const more =
    last && rest.length > items.length
      ? { continue: Buffer.from(keyOf(last)).toString('base64url'), remainingItemCount: rest.length - items.length }
      : {};
  const metadata = { resourceVersion: `${store.version()}`, ...more };
  return { ok: true, list: { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items } };
}

function keyOf(object: KubeObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`;
}

function decode(token: string | null): string | undefined {
  if (token === null || token === '') return '';
  const key = Buffer.from(token, 'base64url').toString();
  return key.includes('/') ? key : undefined;
}
