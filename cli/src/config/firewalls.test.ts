import { expect, test } from 'vitest';
import { parseConfig } from './read-config.ts';

function read(firewalls: readonly unknown[]): string {
  try {
    parseConfig(JSON.stringify({ clusters: [{ name: 'a' }], firewalls }), '/etc/b.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return '';
}

const base = { name: 'edge', cluster: 'a' };
const elasticsearch = { url: 'https://search.example:9200' };

test.each([
  [[{ ...base }], /give either auditLogs or elasticsearch/],
  [[{ ...base, auditLogs: ['x'], elasticsearch }], /auditLogs belongs to logs in files/],
  [[{ ...base, timeZone: 'UTC', elasticsearch }], /timeZone belongs to logs in files/],
  [[{ ...base, elasticsearch: { url: 'file:///etc' } }], /firewalls.0.elasticsearch.url/],
  [[{ ...base, elasticsearch: { ...elasticsearch, indices: ['a,b'] } }], /is the name or pattern/],
  [[{ ...base, elasticsearch: { ...elasticsearch, apiKeyFile: 'k', bearerTokenFile: 't' } }], /give one of apiKeyFile/],
  [
    [
      { ...base, elasticsearch },
      { ...base, name: 'files', auditLogs: ['x'] },
    ],
    /"edge" is read from Elasticsearch, and then it must be the only one/,
  ],
])('a firewall written as %j is refused with a sentence', (firewalls, message) => {
  expect(read(firewalls)).toMatch(message);
});

test('a firewall in Elasticsearch has its files beside the configuration', () => {
  const text = JSON.stringify({
    clusters: [{ name: 'a' }],
    firewalls: [
      { ...base, elasticsearch: { ...elasticsearch, basic: { user: 'u', passwordFile: 'p' }, ca: 'ca.pem' } },
    ],
  });
  expect(parseConfig(text, '/etc/b.yaml').firewalls[0]?.elasticsearch).toEqual({
    ...elasticsearch,
    basic: { user: 'u', passwordFile: '/etc/p' },
    ca: '/etc/ca.pem',
  });
});
