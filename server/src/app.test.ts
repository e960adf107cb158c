import type { SourceStatus } from '@bartizan/api';
import { describe, expect, test } from 'vitest';
import { createApp } from './app.ts';
import { bareDeps } from './deps.fixture.ts';
import type { Deps } from './deps.ts';
import { hashToken } from './http/guard.ts';

async function ask(
  deps: Deps,
  request: {
    method?: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
    url: string;
    headers?: Record<string, string>;
    payload?: string;
  },
) {
  const app = await createApp(deps);
  const answer = await app.inject({ method: 'GET', ...request });
  await app.close();
  return answer;
}

describe('the door', () => {
  test('another host name is refused, so that no rebound name can read the console', async () => {
    const answer = await ask(bareDeps(), { url: '/api/v1/environments', headers: { host: 'evil.example' } });
    expect(answer.statusCode).toBe(421);
    expect(answer.json()).toMatchObject({ code: 'foreign-host' });
  });

  test("a write from another site's page is refused; one from the console's own page or a program is not", async () => {
    const url = '/api/v1/environments/shop/policies/shop/NetworkPolicy/web/enforcement';
    const write = (headers: Record<string, string>) =>
      ask(bareDeps(), {
        method: 'PUT',
        url,
        headers: { 'content-type': 'application/json', ...headers },
        payload: '{"enabled":true}',
      });
    expect((await write({ origin: 'https://evil.example' })).statusCode).toBe(403);
    expect((await write({ 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403);
    expect((await write({ origin: 'http://localhost:80' })).json()).toMatchObject({ code: 'no-source' });
    expect((await write({})).json()).toMatchObject({ code: 'no-source' });
  });

  test('with a token configured nobody comes in without it, by header or by cookie', async () => {
    const deps = bareDeps({ signIn: { kind: 'token', hash: hashToken('secret'), secureCookie: true } });
    const url = '/api/v1/environments';
    expect((await ask(deps, { url })).statusCode).toBe(401);
    expect((await ask(deps, { url, headers: { authorization: 'Bearer wrong' } })).statusCode).toBe(401);
    expect((await ask(deps, { url, headers: { authorization: 'Bearer secret' } })).statusCode).toBe(200);
    expect((await ask(deps, { url: '/', headers: { accept: 'text/html' } })).headers['location']).toBe('/sign-in');
    const signIn = {
      method: 'POST' as const,
      url: '/sign-in',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
    expect((await ask(deps, { ...signIn, payload: 'token=wrong' })).statusCode).toBe(401);
    expect((await ask(deps, { method: 'POST', url: '/sign-in' })).statusCode).toBe(401);
    const cookie = String((await ask(deps, { ...signIn, payload: 'token=secret' })).headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; .*Secure$/);
    expect((await ask(deps, { url, headers: { cookie: cookie.split(';')[0] ?? '' } })).statusCode).toBe(200);
  });

  test('every answer forbids scripts and styles from elsewhere', async () => {
    const answer = await ask(bareDeps(), { url: '/healthz' });
    expect(answer.headers['content-security-policy']).toMatch(/script-src 'self';/);
    expect(answer.headers['content-security-policy']).not.toMatch(/unsafe/);
  });
});

describe('readiness', () => {
  test('a source that is down is named, and the console stays ready', async () => {
    const status: SourceStatus = {
      signal: 'flows',
      kind: 'hubble',
      state: 'unreachable',
      reason: 'connection\nrefused',
    };
    const deps = bareDeps({ sources: [{ signal: 'flows', name: 'prod', covers: () => true, status: () => status }] });
    const answer = await ask(deps, { url: '/readyz' });
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('flows prod (hubble): unreachable, connection refused\n');
    expect((await ask(bareDeps({ isReady: () => false }), { url: '/readyz' })).statusCode).toBe(503);
  });
});

describe('bad questions', () => {
  test.each([
    ['/api/v1/environments/nowhere/waf/statistics', 404, 'unknown-environment', /There are: shop/],
    [
      '/api/v1/environments/shop/waf/statistics?fliter=x',
      400,
      'unknown-parameter',
      /from, to, range, filter, interval/,
    ],
    ['/api/v1/environments/shop/waf/statistics?filter=colour:red', 400, 'bad-filter', /class, client/],
    ['/api/v1/environments/shop/waf/statistics?range=yesterday', 400, 'bad-window', /24h/],
    ['/api/v1/environments/shop/waf/statistics?range=30d&interval=1m', 400, 'bad-interval', /more than 2000/],
    ['/api/v1/environments/shop/waf/breakdown?by=colour', 400, 'bad-request', /"by"/],
    ['/api/v1/environments/shop/flows?limit=0', 400, 'bad-request', /"limit"/],
    ['/api/v1/environments/shop/waf/export?format=xls', 400, 'bad-format', /csv or ndjson/],
    ['/api/v1/environments/shop/policies?cursor=x', 400, 'bad-cursor', /start again without it/],
    ['/api/v1/environments/shop/pods?cursor=-1', 400, 'bad-cursor', /start again without it/],
    ['/api/v1/environments?dryRun=true', 400, 'unknown-parameter', /none at all/],
    ['/api/v1/environments/shop/policies/shop/NetworkPolicy/%E0%A4%A', 400, 'bad-request', /not a valid url/],
    ['/api/v1/nothing', 404, 'not-found', /nothing at GET/],
  ])('%s is a problem that says what is wrong', async (url, status, code, detail) => {
    const answer = await ask(bareDeps(), { url });
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.json().detail).toMatch(detail);
  });
});

describe('how it is asked', () => {
  const policy = '/api/v1/environments/shop/policies/shop/NetworkPolicy/web';

  test('a method that an address does not take is told from an address that is not there', async () => {
    const answer = await ask(bareDeps(), { method: 'POST', url: policy });
    expect(answer.json()).toMatchObject({ status: 405, code: 'wrong-method' });
    expect(answer.headers['allow']).toBe('GET, HEAD, PUT, DELETE');
    const options = await ask(bareDeps(), { method: 'OPTIONS', url: '/api/v1/environments/shop/policies' });
    expect([options.statusCode, options.headers['allow']]).toEqual([204, 'GET, HEAD, POST']);
  });

  test('a body that is no JSON is refused by its type', async () => {
    for (const type of ['text/plain', 'application/yaml', 'application/x-www-form-urlencoded'])
      expect(
        (
          await ask(bareDeps(), {
            method: 'PUT',
            url: policy,
            headers: { 'content-type': type },
            payload: 'kind: NetworkPolicy',
          })
        ).json(),
      ).toMatchObject({ status: 415, code: 'unsupported-media-type', detail: expect.stringContaining('JSON') });
  });

  test('a field that is misspelt in a body is refused, as it would be dropped', async () => {
    const answer = await ask(bareDeps(), {
      method: 'PUT',
      url: `${policy}/enforcement`,
      headers: { 'content-type': 'application/json' },
      payload: '{"enabled":true,"dryRun":true}',
    });
    expect(answer.json()).toMatchObject({
      status: 400,
      code: 'unknown-field',
      detail: expect.stringContaining('enabled'),
    });
  });

  test('what needs no body may announce JSON and send none', async () => {
    const answer = await ask(bareDeps(), {
      method: 'POST',
      url: '/api/v1/environments/shop/policies/pending/none/confirm',
      headers: { 'content-type': 'application/json' },
      payload: '',
    });
    expect(answer.json()).toMatchObject({ status: 404, code: 'unknown-pending' });
  });

  test('names may be as long as Kubernetes allows', async () => {
    const answer = await ask(bareDeps(), { url: policy.replace('web', 'w'.repeat(253)) });
    expect(answer.json()).toMatchObject({ code: 'no-source' });
  });
});

describe('without a source', () => {
  test('figures are unknown, not zero, and the gap says why', async () => {
    const waf = (await ask(bareDeps(), { url: '/api/v1/environments/shop/waf/statistics' })).json();
    expect(waf).toMatchObject({ total: null, anomalous: null, anomalousShare: null, buckets: [] });
    expect(waf.coverage).toMatchObject({ complete: false, gaps: [{ source: 'waf' }] });
    const flows = (await ask(bareDeps(), { url: '/api/v1/environments/-/flows/statistics' })).json();
    expect(flows).toMatchObject({
      unit: 'events',
      total: null,
      source: { kind: 'none' },
      coverage: { complete: false },
    });
  });

  test('the interface describes itself', async () => {
    const document = (await ask(bareDeps(), { url: '/api/v1/openapi.json' })).json();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain(
      '/api/v1/environments/{env}/policies/{namespace}/{kind}/{name}/enforcement',
    );
  });
});
