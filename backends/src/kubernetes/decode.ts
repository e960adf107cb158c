import type { KubernetesObject, WatchedKind } from '../cluster.ts';
import type { SourceErrorCode } from '../source-error.ts';
import { isRecord, pick, recordOf, recordsOf, textOf } from './json.ts';

export interface ListPage {
  readonly items: readonly KubernetesObject[];
  readonly resourceVersion: string;
  readonly continue?: string;
}

/** Undefined where the answer is no list. */
export function readList(kind: WatchedKind, body: unknown): ListPage | undefined {
  if (!isRecord(body) || !Array.isArray(body['items'])) return undefined;
  const metadata = recordOf(body['metadata']);
  const next = textOf(metadata['continue']);
  return {
    items: body['items'].flatMap((item: unknown) => readObject(item, kind) ?? []),
    resourceVersion: textOf(metadata['resourceVersion']),
    ...(next === '' ? {} : { continue: next }),
  };
}

export type WatchEvent =
  | { readonly type: 'changed' | 'removed'; readonly object: KubernetesObject; readonly resourceVersion: string }
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  | { readonly type: 'error'; readonly status: number; readonly message: string };

/** One line of a watch; undefined where it is none. */
export function readWatchLine(kind: WatchedKind, line: string): WatchEvent | undefined {
  const event = parseJson(line);
  if (!isRecord(event)) return undefined;
  const object = recordOf(event['object']);
  const resourceVersion = textOf(recordOf(object['metadata'])['resourceVersion']);
  switch (event['type']) {
    case 'BOOKMARK':
      return { type: 'bookmark', resourceVersion };
    case 'ERROR':
      return { type: 'error', status: Number(object['code'] ?? 0), message: textOf(object['message']) };
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED': {
      const kept = readObject(object, kind);
      if (kept === undefined) return undefined;
      return { type: event['type'] === 'DELETED' ? 'removed' : 'changed', object: kept, resourceVersion };
    }
    default:
      return undefined;
  }
}

/** What is kept in memory of an object; items of a list carry neither kind nor apiVersion. */
export function readObject(value: unknown, kind: WatchedKind): KubernetesObject | undefined {
  if (!isRecord(value)) return undefined;
  const metadata = recordOf(value['metadata']);
  const name = textOf(metadata['name']);
  if (name === '') return undefined;
  const apiVersion = textOf(value['apiVersion']) || apiVersions[kind];
  const named = { ...value, apiVersion, kind, metadata: { ...withoutFieldSets(metadata), name } };
  return kind === 'Pod' ? trimmedPod(named) : named;
}

const apiVersions: Readonly<Record<WatchedKind, string>> = {
  NetworkPolicy: 'networking.k8s.io/v1',
  CiliumNetworkPolicy: 'cilium.io/v2',
  CiliumClusterwideNetworkPolicy: 'cilium.io/v2',
  CiliumCIDRGroup: 'cilium.io/v2',
  Pod: 'v1',
  Service: 'v1',
  Namespace: 'v1',
};

/** Who changed it and when stays; which fields, often the larger half of an object, does not. */
function withoutFieldSets(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (metadata['managedFields'] === undefined) return metadata;
  const managedFields = recordsOf(metadata['managedFields']).map((entry) =>
    pick(entry, ['manager', 'operation', 'time', 'subresource']),
  );
  return { ...metadata, managedFields };
}

/** A cluster has many pods, and little of each is ever asked for. */
function trimmedPod(pod: KubernetesObject): KubernetesObject {
  const spec = recordOf(pod['spec']);
  const metadata = pick(pod.metadata, ['namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'labels']);
  const owners = recordsOf(pod.metadata.ownerReferences).map((owner) => ({
    kind: textOf(owner['kind']),
    name: textOf(owner['name']),
    controller: owner['controller'] === true,
  }));
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: { ...metadata, name: pod.metadata.name, ...(owners.length === 0 ? {} : { ownerReferences: owners }) },
    spec: {
      ...pick(spec, ['serviceAccountName', 'hostNetwork', 'nodeName']),
      containers: [...recordsOf(spec['initContainers']).filter(isSidecar), ...recordsOf(spec['containers'])].map(
        (container) => pick(container, ['name', 'ports']),
      ),
    },
    status: pick(recordOf(pod['status']), ['phase', 'podIP', 'podIPs']),
  };
}

function isSidecar(container: Readonly<Record<string, unknown>>): boolean {
  return container['restartPolicy'] === 'Always';
}

/** An authorizer says so (apiserver `responsewriters/errors.go`); every other 403 is admission, which judges what is written. */
const lacksPermission = /\bcannot \S+ (?:resource|path)\b/;

/** What an answer that is no success means to us. */
export function errorCode(status: number, { reason, message }: Said): SourceErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return lacksPermission.test(message) ? 'forbidden' : 'refused';
  if (status === 404) return 'not-found';
  if (status === 409) return reason === 'AlreadyExists' ? 'already-exists' : 'conflict';
  if (status === 429 || status >= 500) return 'unreachable';
  return status >= 400 ? 'refused' : 'bad-response';
}

export interface Said {
  readonly reason: string;
  readonly message: string;
}

/** Two ways of an API server to say that it serves no such kind at all. */
const unknownKind = /^(?:404 page not found|the server could not find the requested resource)$/;

/** The server's own sentence, or what else it said. */
export function readStatus(body: string): Said {
  const status = recordOf(parseJson(body));
  const message = textOf(status['message']) || firstLine(body);
  return {
    reason: textOf(status['reason']),
    message: unknownKind.test(message)
      ? `${message}: the cluster does not have this kind, its CRD is not installed`
      : message,
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function firstLine(body: string): string {
  const line = body.trim().split('\n')[0] ?? '';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
