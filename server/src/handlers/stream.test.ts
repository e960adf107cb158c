import { expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { bareDeps, memoryCluster } from '../deps.fixture.ts';

test('a change of a policy is told at once to whoever listens, and listening ends with the console', async () => {
  const cluster = memoryCluster([]);
  const allowed = { hosts: [] as string[], origins: [] };
  const app = await createApp(bareDeps({ clusters: new Map([['memory', cluster]]), allowed }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  allowed.hosts.push(new URL(url).host);
  const { body, headers } = await fetch(`${url}/api/v1/environments/shop/stream?topics=policies`);
  expect(headers.get('content-type')).toBe('text/event-stream');
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain('retry:');
  cluster.changed('Pod');
  cluster.changed('CiliumNetworkPolicy');
  expect((await reader?.read())?.value).toBe('event: policies\ndata: {}\n\n');
  await app.close();
  expect(await reader?.read().catch(() => ({ done: true }))).toMatchObject({ done: true });
});

test('only topics that exist can be listened to', async () => {
  const app = await createApp(bareDeps());
  const answer = await app.inject({ url: '/api/v1/environments/shop/stream?topics=weather' });
  expect(answer.json()).toMatchObject({ status: 400, code: 'unknown-topic' });
  await app.close();
});
