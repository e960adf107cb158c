import { expect, test } from 'vitest';
import { createPath, deleteBody, listPath, objectPath, replacePath, watchPath } from './query.ts';

const signal = new AbortController().signal;
const ref = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'api' } as const;
const everywhere = { kind: 'CiliumClusterwideNetworkPolicy', namespace: '', name: 'all' } as const;

test('reading names the object, writing asks for strict validation under our own name', () => {
  expect(objectPath(ref)).toBe('/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/api');
  expect(objectPath(everywhere)).toBe('/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies/all');
  expect(replacePath(ref, { dryRun: false, signal })).toBe(
    `${objectPath(ref)}?fieldManager=bartizan&fieldValidation=Strict`,
  );
  expect(createPath({ kind: 'NetworkPolicy', namespace: 'shop' }, { dryRun: true, signal })).toBe(
    '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies?fieldManager=bartizan&fieldValidation=Strict&dryRun=All',
  );
});

test('a deletion carries the version that it means', () => {
  expect(deleteBody({ dryRun: true, signal, resourceVersion: '7' })).toEqual({
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    preconditions: { resourceVersion: '7' },
    dryRun: ['All'],
  });
});

test('a name with a slash stays one part of the path', () => {
  expect(objectPath({ ...ref, name: '../secrets' })).toBe(
    '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/..%2Fsecrets',
  );
});

test('lists come in pages, and a watch asks for bookmarks and an end', () => {
  expect(listPath('/api/v1/pods', { limit: 500, continue: 'a b' })).toBe('/api/v1/pods?limit=500&continue=a+b');
  expect(listPath('/api/v1/pods', {})).toBe('/api/v1/pods');
  expect(watchPath('/api/v1/pods', { resourceVersion: '12', timeoutSeconds: 300 })).toBe(
    '/api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=12&timeoutSeconds=300',
  );
});
