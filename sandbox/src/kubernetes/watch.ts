import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../json.ts';
import { namespaceOf, withMetadata } from './object.ts';
import type { KubeObject } from './object.ts';
import type { Resource } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import type { Match } from './selectors.ts';
import { gone } from './status.ts';
import type { Change, Store } from './store.ts';

export interface WatchRequest {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly match: Match;
  readonly query: URLSearchParams;
}

const longestSeconds = 1800;
const bookmarkEveryMs = 10_000;

/** Streams changes as lines of JSON until the client leaves or its `timeoutSeconds` are over. */
export function watchObjects(store: Store, request: WatchRequest, response: ServerResponse): void {
  const { query } = request;
  const from = Number(query.get('resourceVersion') || '0');
  const initial = query.get('sendInitialEvents') === 'true' || from === 0;
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  const send = (type: string, object: JsonObject): void => {
    response.write(`${JSON.stringify({ type, object })}\n`);
  };
  if (!initial && from < store.oldest()) {
    send('ERROR', gone(from, store.oldest()));
    response.end();
    return;
  }
  const tell = (change: Change): void => {
    const event = seenAs(change, request);
    if (event !== undefined) send(event, event === 'DELETED' ? asDeleted(change) : change.object);
  };
  if (initial) {
    for (const object of store.list(request.resource, request.namespace).filter(request.match)) send('ADDED', object);
    if (query.get('sendInitialEvents') === 'true') send('BOOKMARK', bookmark(store, request.resource, true));
  } else {
    for (const change of store.since(from)) tell(change);
  }
  const leave = store.listen(tell);
  const seconds = Math.min(Number(query.get('timeoutSeconds') || longestSeconds), longestSeconds);
  const end = setTimeout(() => response.end(), seconds * 1000);
  const mark = setInterval(
    () => bookmarks && send('BOOKMARK', bookmark(store, request.resource, false)),
    bookmarkEveryMs,
  );
  response.on('close', () => {
    leave();
    clearTimeout(end);
    clearInterval(mark);
  });
}

/** An object that leaves the selection is told as deleted, one that enters it as added. */
function seenAs(change: Change, { resource, namespace, match }: WatchRequest): Change['type'] | undefined {
  if (change.resource !== resource) return undefined;
  if (namespace !== undefined && namespaceOf(change.object) !== namespace) return undefined;
  const before = change.previous !== undefined && match(change.previous);
  const after = change.type !== 'DELETED' && match(change.object);
  if (before && after) return 'MODIFIED';
  if (before) return 'DELETED';
  return after ? 'ADDED' : undefined;
}

function asDeleted(change: Change): KubeObject {
  const last = change.previous ?? change.object;
  return withMetadata(last, { resourceVersion: `${change.version}` });
}

function bookmark(store: Store, resource: Resource, ends: boolean): JsonObject {
  const annotations = ends ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const metadata = { resourceVersion: `${store.version()}`, creationTimestamp: null, ...annotations };
  return { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
}
