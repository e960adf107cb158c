import { expect, test } from 'vitest';
import { errorCode, readList, readObject, readStatus, readWatchLine } from './decode.ts';

test('items of a list get the kind that they do not carry, and lose the field sets that nobody reads', () => {
  const managedFields = [{ manager: 'kubectl', operation: 'Update', time: 'T', fieldsV1: { 'f:spec': {} } }];
  const body = {
    metadata: { resourceVersion: '7', continue: 'next' },
    items: [{ metadata: { name: 'a', namespace: 'shop', managedFields }, spec: { podSelector: {} } }, 'nonsense', {}],
  };
  expect(readList('NetworkPolicy', body)).toEqual({
    items: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: {
          name: 'a',
          namespace: 'shop',
          managedFields: [{ manager: 'kubectl', operation: 'Update', time: 'T' }],
        },
        spec: { podSelector: {} },
      },
    ],
    resourceVersion: '7',
    continue: 'next',
  });
  expect(readList('NetworkPolicy', { kind: 'Status' })).toBeUndefined();
});

test('of a pod only what is asked for is kept', () => {
  const pod = {
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      labels: { app: 'web' },
      annotations: { long: 'text' },
      uid: 'u',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'u', controller: true }],
    },
    spec: {
      serviceAccountName: 'web',
      hostNetwork: true,
      volumes: [{ name: 'v' }],
      initContainers: [
        { name: 'once', ports: [{ containerPort: 1 }] },
        { name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 2 }] },
      ],
      containers: [{ name: 'web', image: 'x', ports: [{ name: 'http', containerPort: 8080 }] }],
    },
    status: { phase: 'Running', podIP: '10.0.0.1', conditions: [] },
  };
  expect(readObject(pod, 'Pod')).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      labels: { app: 'web' },
      uid: 'u',
      ownerReferences: [{ kind: 'StatefulSet', name: 'web', controller: true }],
    },
    spec: {
      serviceAccountName: 'web',
      hostNetwork: true,
      containers: [
        { name: 'proxy', ports: [{ containerPort: 2 }] },
        { name: 'web', ports: [{ name: 'http', containerPort: 8080 }] },
      ],
    },
    status: { phase: 'Running', podIP: '10.0.0.1' },
  });
});

test('lines of a watch are read one by one; nonsense is none', () => {
  const object = { metadata: { name: 'a', namespace: 'shop', resourceVersion: '9' } };
  const line = (type: string, about: object = object): string => JSON.stringify({ type, object: about });
  expect(readWatchLine('Service', line('ADDED'))).toMatchObject({ type: 'changed', resourceVersion: '9' });
  expect(readWatchLine('Service', line('MODIFIED'))).toMatchObject({ type: 'changed' });
  expect(readWatchLine('Service', line('DELETED'))).toMatchObject({ type: 'removed' });
  expect(readWatchLine('Service', line('BOOKMARK'))).toEqual({ type: 'bookmark', resourceVersion: '9' });
  const gone = { kind: 'Status', code: 410, message: 'too old resource version' };
  expect(readWatchLine('Service', line('ERROR', gone))).toEqual({ type: 'error', status: 410, message: gone.message });
  for (const bad of ['', '{', '[]', line('ADDED', {}), line('NOVEL')])
    expect(readWatchLine('Service', bad)).toBeUndefined();
});

test.each([
  [401, 'Unauthorized', 'unauthorized'],
  [403, 'Forbidden', 'forbidden'],
  [404, 'NotFound', 'not-found'],
  [409, 'Conflict', 'conflict'],
  [409, 'AlreadyExists', 'already-exists'],
  [400, 'BadRequest', 'refused'],
  [422, 'Invalid', 'refused'],
  [429, 'TooManyRequests', 'unreachable'],
  [500, 'InternalError', 'unreachable'],
  [302, '', 'bad-response'],
])('%i %s is %s', (status, reason, code) => {
  expect(errorCode(status, { reason, message: 'User "mara" cannot create resource "pods" in API group ""' })).toBe(
    code,
  );
});

test('a 403 that is not about permission is a refusal of what was written', () => {
  const message =
    'networkpolicies "web" is forbidden: unable to create new content in namespace shop because it is being terminated';
  expect(errorCode(403, { reason: 'Forbidden', message })).toBe('refused');
});

test("the sentence of an error is the server's, or the first line of what it said instead", () => {
  expect(readStatus('{"kind":"Status","reason":"Invalid","message":"spec: wrong"}')).toEqual({
    reason: 'Invalid',
    message: 'spec: wrong',
  });
  expect(readStatus('404 page not found\n').message).toBe(
    '404 page not found: the cluster does not have this kind, its CRD is not installed',
  );
  expect(readStatus('\n<html>bad gateway</html>\nmore')).toEqual({ reason: '', message: '<html>bad gateway</html>' });
});
