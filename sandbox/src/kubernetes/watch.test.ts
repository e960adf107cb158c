import type { Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeServer, listenOnFreePort } from '../listening.ts';
import type { KubeObject } from './object.ts';
import { resourceOfKind } from './resources.ts';
import type { Resource } from './resources.ts';
import { createApiServer } from './server.ts';
import type { Store } from './store.ts';
import { createStore } from './store.ts';

const path = '/apis/networking.k8s.io/v1/networkpolicies?watch=1&timeoutSeconds=0.2';
let store: Store;
let server: Server;
let base = '';

beforeEach(async () => {
  store = createStore({ firstVersion: 100, keep: 3 });
  server = createApiServer({
    store,
    now: () => new Date(0),
    validate: () => [],
    newUid: () => 'u',
    newSuffix: () => 's',
    faultOf: () => undefined,
  });
  base = `http://127.0.0.1:${await listenOnFreePort(server)}`;
});

afterEach(async () => closeServer(server));

function kind(name: string): Resource {
  const resource = resourceOfKind(name);
  if (!resource) throw new Error(`no kind ${name}`);
  return resource;
}

function policy(name: string, app: string): KubeObject {
  const metadata = { name, namespace: 'shop', labels: { app } };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: {} };
}

/** What a watch said until it ended, as `TYPE name`. */
async function watched(query: string, meanwhile: () => void = () => undefined): Promise<string[]> {
  const response = await fetch(`${base}${path}${query}`);
  meanwhile();
  const lines = (await response.text())
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    const { type, object } = JSON.parse(line) as {
      type: string;
      object: { metadata: { name?: string }; code?: number };
    };
    return `${type} ${object.metadata.name ?? object.code ?? ''}`.trim();
  });
}

describe('a watch', () => {
  test('without a version begins with what is there and goes on with what happens', async () => {
    store.put(kind('NetworkPolicy'), policy('a', 'web'));
    const seen = await watched('', () => {
      store.put(kind('NetworkPolicy'), policy('b', 'web'));
      store.put(kind('NetworkPolicy'), policy('a', 'cart'));
      store.remove(kind('NetworkPolicy'), policy('b', 'web'));
    });
    expect(seen).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']);
  });

  test('from a version tells what came after it, other resources left out', async () => {
    store.put(kind('NetworkPolicy'), policy('a', 'web'));
    const version = store.version();
    store.put(kind('NetworkPolicy'), policy('b', 'web'));
    store.put(kind('Pod'), policy('p', 'web'));
    expect(await watched(`&resourceVersion=${version}`)).toEqual(['ADDED b']);
  });

  test('an object that leaves a selection is told as deleted, one that enters it as added', async () => {
    store.put(kind('NetworkPolicy'), policy('a', 'web'));
    store.put(kind('NetworkPolicy'), policy('b', 'cart'));
    const seen = await watched(`&labelSelector=app%3Dweb&resourceVersion=${store.version()}`, () => {
      store.put(kind('NetworkPolicy'), policy('a', 'cart'));
      store.put(kind('NetworkPolicy'), policy('b', 'web'));
    });
    expect(seen).toEqual(['DELETED a', 'ADDED b']);
  });

  test('from a version that is forgotten ends with 410', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) store.put(kind('NetworkPolicy'), policy(name, 'web'));
    expect(await watched('&resourceVersion=100')).toEqual(['ERROR 410']);
  });

  test('with initial events marks their end with a bookmark', async () => {
    store.put(kind('NetworkPolicy'), policy('a', 'web'));
    const query = '&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    expect(await watched(query)).toEqual(['ADDED a', 'BOOKMARK']);
  });
});
