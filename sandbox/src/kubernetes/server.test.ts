import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeServer, listenOnFreePort } from '../listening.ts';
import { createRandom } from '../seeded.ts';
import { buildWorld } from '../world/world.ts';
import { refusalsOf } from './policy-schema.ts';
import { createApiServer } from './server.ts';
import { createStore } from './store.ts';

const now = new Date('2026-11-26T12:00:00Z');
const store = createStore({ firstVersion: 1000, keep: 1000 });
const random = createRandom(7);
let server: Server;
let base = '';

beforeAll(async () => {
  buildWorld({ store, random, now, edits: [] });
  server = createApiServer({
    store,
    now: () => now,
    validate: refusalsOf,
    newUid: () => random.uuid(),
    newSuffix: () => random.suffix(5),
    faultOf: () => undefined,
  });
  base = `http://127.0.0.1:${await listenOnFreePort(server)}`;
});

afterAll(async () => closeServer(server));

interface Answer {
  readonly code: number;
  readonly body: { readonly [field: string]: unknown; readonly metadata: Readonly<Record<string, unknown>> };
}

async function ask(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { 'Content-Type': type, 'User-Agent': 'tester/1.0' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { code: response.status, body: (await response.json()) as Answer['body'] };
}

const policies = '/apis/networking.k8s.io/v1/namespaces/payments/networkpolicies';
const ciliumPolicies = '/apis/cilium.io/v2/namespaces/payments/ciliumnetworkpolicies';

function draft(name: string): { metadata: Record<string, unknown>; spec: unknown } {
  return { metadata: { name }, spec: { podSelector: {}, policyTypes: ['Ingress'] } };
}

describe('discovery', () => {
  test('names every group and resource that kubectl may ask for', async () => {
    const groups = await ask('GET', '/apis');
    expect(JSON.stringify(groups.body['groups'])).toContain('cilium.io/v2');
    const list = await ask('GET', '/apis/cilium.io/v2');
    expect(list.body['resources']).toMatchObject([
      { name: 'ciliumnetworkpolicies', namespaced: true, shortNames: ['cnp', 'ciliumnp'] },
      { name: 'ciliumclusterwidenetworkpolicies', namespaced: false },
      { name: 'ciliumcidrgroups', namespaced: false },
    ]);
  });

  test('answers 404 for what is not there', async () => {
    const answer = await ask('GET', '/apis/batch/v1');
    expect(answer).toMatchObject({ code: 404, body: { kind: 'Status', reason: 'NotFound' } });
  });
});

describe('reading', () => {
  test('pages come in order and end without a token', async () => {
    const names: string[] = [];
    let token = '';
    do {
      const { body } = await ask('GET', `/api/v1/pods?limit=25&continue=${token}`);
      for (const item of body['items'] as { metadata: { name: string } }[]) names.push(item.metadata.name);
      token = String(body.metadata['continue'] ?? '');
    } while (token !== '');
    expect(names).toHaveLength(60);
    expect(new Set(names).size).toBe(60);
  });

  test('selectors choose', async () => {
    const { body } = await ask('GET', '/api/v1/namespaces/shop-prod/pods?labelSelector=app%3Dweb');
    expect(body['items']).toHaveLength(4);
    const one = await ask('GET', `${policies}?fieldSelector=metadata.name%3Dledger-ingress`);
    expect(one.body['items']).toHaveLength(1);
  });

  test('a version of the future is not waited for', async () => {
    expect(await ask('GET', `${policies}?resourceVersion=999999999`)).toMatchObject({ code: 504 });
  });
});

describe('writing', () => {
  test('a new object gets what only the server gives', async () => {
    const { code, body } = await ask('POST', policies, draft('made'));
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({
      creationTimestamp: '2026-11-26T12:00:00Z',
      generation: 1,
      managedFields: [{ manager: 'tester' }],
    });
    expect(await ask('POST', policies, draft('made'))).toMatchObject({ code: 409, body: { reason: 'AlreadyExists' } });
  });

  test('what belongs to no namespace loses the one it names', async () => {
    const wide = { metadata: { name: 'wide', namespace: 'payments' }, spec: { endpointSelector: {}, ingress: [{}] } };
    const { code, body } = await ask('POST', '/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies', wide);
    expect([code, body.metadata['name'], 'namespace' in body.metadata]).toEqual([201, 'wide', false]);
  });

  test('replacing keeps identity, counts generations of the specification, and refuses what is stale', async () => {
    const { body: made } = await ask('POST', policies, draft('replaced'));
    const changed = { ...made, spec: { podSelector: {}, policyTypes: ['Egress'] } };
    const first = await ask('PUT', `${policies}/replaced`, changed);
    expect(first).toMatchObject({ code: 200, body: { metadata: { generation: 2, uid: made.metadata['uid'] } } });
    const second = await ask('PUT', `${policies}/replaced`, changed);
    expect(second.code).toBe(409);
    expect(second.body['message']).toContain('the object has been modified; please apply your changes');
  });

  test('a write that changes nothing makes no new version', async () => {
    const { body: made } = await ask('POST', policies, draft('same'));
    const { body } = await ask('PUT', `${policies}/same`, made);
    expect(body.metadata['resourceVersion']).toBe(made.metadata['resourceVersion']);
  });

  test('a custom resource is never replaced without its version', async () => {
    const spec = { endpointSelector: {}, ingress: [{}] };
    const answer = await ask('PUT', `${ciliumPolicies}/default-deny`, { metadata: { name: 'default-deny' }, spec });
    expect(answer).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
  });

  test('a merge patch removes with null and puts lists whole', async () => {
    const labelled = draft('patched');
    labelled.metadata['labels'] = { a: '1', b: '2' };
    await ask('POST', policies, labelled);
    const patch = { metadata: { labels: { a: null } }, spec: { policyTypes: ['Egress'] } };
    for (const type of ['application/merge-patch+json', 'application/strategic-merge-patch+json']) {
      const { body } = await ask('PATCH', `${policies}/patched`, patch, type);
      expect(body.metadata['labels']).toEqual({ b: '2' });
      expect(body['spec']).toMatchObject({ policyTypes: ['Egress'] });
    }
  });

  test('a dry run answers and leaves no trace', async () => {
    const version = store.version();
    expect(await ask('POST', `${policies}?dryRun=All`, draft('dry'))).toMatchObject({ code: 201 });
    expect(await ask('DELETE', `${policies}/ledger-ingress?dryRun=All`)).toMatchObject({ code: 200 });
    expect(store.version()).toBe(version);
  });

  test('strict validation names an unknown field; an impossible value is refused in any case', async () => {
    const unknown = { metadata: { name: 'typo' }, spec: { endpointSelector: {}, ingress: [{ fromEndpoint: [] }] } };
    const strict = await ask('POST', `${ciliumPolicies}?fieldValidation=Strict`, unknown);
    expect(strict.code).toBe(400);
    expect(strict.body['message']).toContain('unknown field "spec.ingress[0].fromEndpoint"');
    const wrong = { metadata: { name: 'wrong' }, spec: { podSelector: {}, ingress: [{ ports: [{ port: 99_999 }] }] } };
    expect(await ask('POST', policies, wrong)).toMatchObject({ code: 422 });
  });

  test('a delete keeps to its preconditions', async () => {
    const { body: made } = await ask('POST', policies, draft('deleted'));
    const stale = { preconditions: { resourceVersion: '1' } };
    expect(await ask('DELETE', `${policies}/deleted`, stale)).toMatchObject({ code: 409 });
    const right = { preconditions: { resourceVersion: made.metadata['resourceVersion'] } };
    expect(await ask('DELETE', `${policies}/deleted`, right)).toMatchObject({ code: 200, body: { status: 'Success' } });
    expect(await ask('GET', `${policies}/deleted`)).toMatchObject({ code: 404 });
  });

  test('bodies that nobody can read are refused in words', async () => {
    expect(await ask('PATCH', `${policies}/ledger-ingress`, {}, 'application/apply-patch+yaml')).toMatchObject({
      code: 415,
    });
    const response = await fetch(`${base}${policies}`, {
      method: 'POST',
      body: '{',
      headers: { 'Content-Type': 'application/json' },
    });
    expect(response.status).toBe(400);
  });
});

test('everyone may do everything, and is told so', async () => {
  const spec = { resourceAttributes: { verb: 'delete', resource: 'pods' } };
  const { body } = await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { spec });
  expect(body).toMatchObject({ spec, status: { allowed: true } });
});
