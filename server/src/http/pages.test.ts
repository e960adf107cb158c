import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps } from '../deps.fixture.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bartizan-pages-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets/app.js'), 'export {};');
  writeFileSync(join(folder, 'index.html'), '<html><meta name="csp-nonce" content="" /></html>');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function get(url: string) {
  const app = await createApp(bareDeps({ pages: folder }));
  const answer = await app.inject({ url });
  await app.close();
  return answer;
}

test('every address that a person may open gets the page, with a nonce of its own that its policy names', async () => {
  const [first, second] = await Promise.all([get('/policies/shop/NetworkPolicy/web'), get('/')]);
  const nonce = /content="([^"]+)"/.exec(first.body)?.[1] ?? '';
  expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
  expect(second.body).not.toContain(nonce);
});

test('what is missing below the interface or the assets is a problem, not a page', async () => {
  expect((await get('/api/v1/nothing')).statusCode).toBe(404);
  expect((await get('/assets/nothing.js')).statusCode).toBe(404);
  expect((await get('/assets/app.js')).statusCode).toBe(200);
  expect((await get('/assets/../index.html')).headers['content-type']).toMatch(/html/);
});
