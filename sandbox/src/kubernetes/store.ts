import type { KubeObject } from './object.ts';
import { namespaceOf, withMetadata } from './object.ts';
import type { Resource } from './resources.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly version: number;
}

export type Listener = (change: Change) => void;

export interface Store {
  version(): number;
  /** Versions before this one can no longer be watched from. */
  oldest(): number;
  get(resource: Resource, namespace: string, name: string): KubeObject | undefined;
  list(resource: Resource, namespace?: string): readonly KubeObject[];
  put(resource: Resource, object: KubeObject): KubeObject;
  remove(resource: Resource, object: KubeObject): KubeObject;
  since(version: number): readonly Change[];
  listen(listener: Listener): () => void;
}

/** Keeps the objects, and the last `keep` changes for those who watch. */
export function createStore(options: { readonly firstVersion: number; readonly keep: number }): Store {
  const shelves = new Map<Resource, Map<string, KubeObject>>();
  const listeners = new Set<Listener>();
  const changes: Change[] = [];
  let version = options.firstVersion;
  let oldest = version;

  function shelf(resource: Resource): Map<string, KubeObject> {
    const found = shelves.get(resource) ?? new Map<string, KubeObject>();
    shelves.set(resource, found);
    return found;
  }

  function tell(change: Change): void {
    changes.push(change);
    if (changes.length > options.keep) oldest = changes.shift()?.version ?? oldest;
    for (const listener of listeners) listener(change);
  }

  return {
    version: () => version,
    oldest: () => oldest,
    get: (resource, namespace, name) => shelf(resource).get(`${namespace}/${name}`),
    list(resource, namespace) {
      const all = [...shelf(resource)]
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([, object]) => object);
      return namespace === undefined ? all : all.filter((object) => namespaceOf(object) === namespace);
    },
    put(resource, object) {
      version += 1;
      const key = keyOf(object);
      const previous = shelf(resource).get(key);
      const stored = withMetadata(object, { resourceVersion: `${version}` });
      shelf(resource).set(key, stored);
      tell({ type: previous ? 'MODIFIED' : 'ADDED', resource, object: stored, previous, version });
      return stored;
    },
    remove(resource, object) {
      version += 1;
      shelf(resource).delete(keyOf(object));
      const last = withMetadata(object, { resourceVersion: `${version}` });
      tell({ type: 'DELETED', resource, object: last, previous: object, version });
      return last;
    },
    since: (from) => changes.filter((change) => change.version > from),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keyOf(object: KubeObject): string {
  return `${namespaceOf(object)}/${object.metadata.name}`;
}
