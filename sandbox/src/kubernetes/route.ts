import type { Resource } from './resources.ts';
import { findResource } from './resources.ts';
import { reviewGroup } from './discovery.ts';

export type Route =
  | { readonly kind: 'version' | 'healthy' | 'core-versions' | 'groups' | 'unknown' }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'resource-list'; readonly groupVersion: string }
  | { readonly kind: 'review'; readonly plural: string }
  | { readonly kind: 'collection'; readonly resource: Resource; readonly namespace: string | undefined }
  | { readonly kind: 'object'; readonly resource: Resource; readonly namespace: string; readonly name: string };

export function routeOf(path: string): Route {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [root, first, second, ...rest] = parts;
  if (root === 'version') return { kind: 'version' };
  if (root === 'healthz' || root === 'readyz' || root === 'livez') return { kind: 'healthy' };
  if (root === 'api') {
    if (first === undefined) return { kind: 'core-versions' };
    return second === undefined
      ? { kind: 'resource-list', groupVersion: first }
      : inGroup('', first, [second, ...rest]);
  }
  if (root !== 'apis') return { kind: 'unknown' };
  if (first === undefined) return { kind: 'groups' };
  if (second === undefined) return { kind: 'group', group: first };
  if (rest.length === 0) return { kind: 'resource-list', groupVersion: `${first}/${second}` };
  if (first === reviewGroup && rest.length === 1) return { kind: 'review', plural: rest.join('') };
  return inGroup(first, second, rest);
}

function inGroup(group: string, version: string, parts: readonly string[]): Route {
  const inNamespace = parts[0] === 'namespaces' && parts.length >= 3;
  const namespace = inNamespace ? parts[1] : undefined;
  const [plural = '', name, ...rest] = inNamespace ? parts.slice(2) : parts;
  const resource = findResource(group, version, plural);
  if (!resource || rest.length > 0 || (inNamespace && !resource.namespaced)) return { kind: 'unknown' };
  if (name === undefined) return { kind: 'collection', resource, namespace };
  if (resource.namespaced && namespace === undefined) return { kind: 'unknown' };
  return { kind: 'object', resource, namespace: namespace ?? '', name };
}
