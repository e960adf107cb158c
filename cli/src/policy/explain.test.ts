import { expect, test } from 'vitest';
import { explain } from './explain.ts';
import { runCommand, withFiles } from './run-command.suite.ts';

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c}]}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec: {template: {metadata: {labels: {app: api}}, spec: {containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: api}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: web}}]
    toPorts:
    - ports: [{port: http, protocol: TCP}]
      rules: {http: [{method: GET, path: /public}]}
`;

function ask(...args: readonly string[]) {
  return withFiles({ 'm.yaml': manifests }, async (path) => {
    const result = await runCommand(explain, [path('m.yaml'), ...args]);
    return { ...result, out: result.out.replaceAll(path('m.yaml'), 'm.yaml') };
  });
}

test('a denial walks both sides and names the rule that came nearest, with its line', async () => {
  const { code, out } = await ask('--from', 'shop/web', '--to', 'shop/api', '--port', '8443/TCP');
  expect(code).toBe(0);
  expect(out).toBe(`shop/web -> shop/api 8443/TCP: DENIED

egress of shop/web: allowed: no policy selects it in this direction, so everything passes
ingress of shop/api: denied: no rule allows it, and what is not allowed is denied since:
  CiliumNetworkPolicy/shop/api ingress[0] (m.yaml:17)

what came nearest to allowing it:
  ingress: CiliumNetworkPolicy/shop/api ingress[0] (m.yaml:17), but
    port 8443 is not http, which is 8080/TCP there (m.yaml:19)
`);
});

test('what passes to a proxy says what the proxy then allows, and judges a request', async () => {
  const ends = ['--from', 'shop/web', '--to', 'shop/Deployment/api', '--port', 'http/TCP'];
  const open = await ask(...ends);
  expect(open.out).toContain('through the proxy, which then allows only\n    HTTP GET /public');
  expect((await ask(...ends, '--http', 'GET /public')).out).toContain(': ALLOWED');
  expect((await ask(...ends, '--http', 'POST /public')).out).toContain('the proxy, which refuses this request');
});

test('ends may be addresses, entities and pods that only labels describe', async () => {
  const to = ['--to', 'shop/api', '--port', '8080'];
  expect((await ask('--from', '203.0.113.7', ...to)).out).toContain('the peer is an address outside the cluster');
  expect((await ask('--from', 'host', ...to)).out).toContain('a node may always reach its own pods');
  const { out } = await ask('--from', 'ops/{app=web}', ...to, '-o', 'json');
  expect(JSON.parse(out)).toMatchObject({ verdict: 'denied', nearest: [{ differs: [{ what: 'namespace' }] }] });
});

test.each([
  [['--from', 'shop/nope', '--to', 'shop/api', '--port', '80'], 'there is no workload "shop/nope"'],
  [['--from', 'shop/web', '--to', 'shop/api'], '--port is missing'],
  [['--from', 'shop/web', '--to', 'shop/api', '--port', '80/X'], '"X" is not a protocol'],
  [['--from', 'shop/web', '--to', 'shop/api', '--port', 'grpc'], 'no port named "grpc"'],
])('%j: exit 2 and the reason', async (args, reason) => {
  const { code, err } = await ask(...args);
  expect(code).toBe(2);
  expect(err).toContain(reason);
});
