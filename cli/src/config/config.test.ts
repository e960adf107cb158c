import { expect, test } from 'vitest';
import { z } from 'zod';
import { Config } from './config.ts';
import { allowedNames, readExposure } from './exposure.ts';
import { parseConfig } from './read-config.ts';

function refusal(text: string): string {
  try {
    parseConfig(text, 'bartizan.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

test('the published schema is that of the configuration', async () => {
  const schema = { title: 'bartizan.yaml', ...z.toJSONSchema(Config, { io: 'input' }) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/schema/config.schema.json');
});

test('paths are relative to the folder of the file', () => {
  const config = parseConfig(
    'clusters: [{name: a, kubeconfig: kube, flowLogs: [/a/*.log, b]}]\n',
    '/etc/bartizan/bartizan.yaml',
  );
  expect(config.clusters[0]?.kubeconfig).toBe('/etc/bartizan/kube');
  expect(config.clusters[0]?.flowLogs).toEqual(['/a/*.log', '/etc/bartizan/b']);
  expect(config.dataFolder).toBe('/etc/bartizan/bartizan-data');
});

test.each([
  ['clusters:\n  - name: a\n    kubconfig: x\n', 'bartizan.yaml:3: there is no setting "clusters.0.kubconfig"'],
  ['listen: 7070\n', /^bartizan.yaml:1: listen: /],
  ['listen: localhost\n', /is written host:port/],
  [
    'firewalls:\n  - name: edge\n    cluster: b\n    auditLogs: [x]\n',
    /^bartizan.yaml:3: firewalls\[0\]: there is no cluster "b"; there is none$/,
  ],
  ['clusters: [{name: a}, {name: a}]\n', /"a" stands twice/],
  [
    'clusters:\n  - name: a\n    relay: {address: b:80}\n    flowLogs: [c]\n',
    /^bartizan.yaml:4: clusters\[0\]: "a" has both relay and flowLogs, which tell of the same flows; give one of them$/,
  ],
  ['retention: {flows: a month}\n', /is written like 30m/],
  ['retention: {transactionsSize: 5 GiB}\n', /is written like 500MB or 5GB/],
  ['retention: {flowsSize: 5}\n', /is written like 500MB or 5GB|expected string/],
  ['retention: {flowsSize: 5 GiB}\n', /is written like 500MB or 5GB/],
  ['a: [\n', /^bartizan.yaml:\d: this is not YAML/],
  ['- 1\n', /bartizan.yaml:1: the configuration: /],
])('%j is refused with file, line and a sentence', (text, message) => {
  expect(refusal(text)).toMatch(message);
});

test('whoever listens beyond this machine must ask people to sign in, over TLS', () => {
  const exposure = (text: string) => readExposure(parseConfig(text, 'c.yaml'), 'c.yaml');
  expect(exposure('{}')).toMatchObject({ host: '127.0.0.1', port: 7070, needsSignIn: false });
  expect(exposure('listen: "[::1]:80"')).toMatchObject({ host: '::1', needsSignIn: false });
  expect(() => exposure('listen: 0.0.0.0:7070')).toThrow(/people must sign in/);
  expect(() => exposure('publicUrl: https://b.example')).toThrow(/people must sign in/);
  expect(() => exposure('listen: 0.0.0.0:7070\nsignIn: {accessToken: true}')).toThrow(/in the clear/);
  expect(() => exposure('publicUrl: http://b.example\nsignIn: {accessToken: true}')).toThrow(/in the clear/);
  expect(exposure('publicUrl: https://b.example\nsignIn: {accessToken: true}')).toMatchObject({
    needsSignIn: true,
    secureCookie: true,
  });
});

test('the console answers for its own names and no others', () => {
  expect(allowedNames({ host: '127.0.0.1', port: 7070, tls: false })).toEqual({
    hosts: ['127.0.0.1:7070', 'localhost:7070', '[::1]:7070'],
    origins: ['http://127.0.0.1:7070', 'http://localhost:7070', 'http://[::1]:7070'],
  });
  expect(allowedNames({ host: '127.0.0.1', port: 7070, publicUrl: 'https://b.example', tls: false }).hosts).toContain(
    'b.example',
  );
});
