import { expect, test } from 'vitest';
import { readKubeconfig } from './kubeconfig.ts';

const file = '/home/mara/.kube/config';

const config = `
apiVersion: v1
kind: Config
current-context: prod
clusters:
  - {name: eu, cluster: {server: "https://api.example:6443/", certificate-authority: pki/ca.crt, tls-server-name: kubernetes}}
  - {name: plain, cluster: {server: "http://127.0.0.1:8001"}}
  - {name: proxied, cluster: {server: "https://api.example", proxy-url: "http://proxy:3128"}}
contexts:
  - {name: prod, context: {cluster: eu, user: ops, namespace: shop}}
  - {name: local, context: {cluster: plain, user: nobody}}
  - {name: far, context: {cluster: proxied, user: ops}}
  - {name: broken, context: {cluster: gone, user: ops}}
users:
  - name: ops
    user:
      client-certificate-data: Q0VSVA==
      client-key: ops.key
      tokenFile: token
      token: stale
      exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [get], env: [{name: A, value: b}], provideClusterInfo: true}
`;

test('the current context is read, with files found beside the kubeconfig', () => {
  const read = readKubeconfig(config, { file });
  expect(read).toMatchObject({
    ok: true,
    contexts: ['prod', 'local', 'far', 'broken'],
    context: {
      name: 'prod',
      namespace: 'shop',
      server: 'https://api.example:6443',
      tlsServerName: 'kubernetes',
      skipTlsVerify: false,
      ca: { file: '/home/mara/.kube/pki/ca.crt' },
      user: {
        cert: { text: 'CERT' },
        key: { file: '/home/mara/.kube/ops.key' },
        token: { file: '/home/mara/.kube/token' },
        exec: {
          command: '/home/mara/.kube/login',
          args: ['get'],
          env: { A: 'b' },
          cluster: { server: 'https://api.example:6443/' },
        },
      },
    },
  });
});

test('a user that the file does not have is nobody: the API may ask for no credentials', () => {
  const read = readKubeconfig(config, { file, context: 'local' });
  expect(read).toMatchObject({
    ok: true,
    context: { server: 'http://127.0.0.1:8001', user: { token: null, exec: null } },
  });
});

test.each([
  ['an unknown context names those that there are', 'nope', /no context "nope"; it has: prod, local, far, broken/],
  ['a context without its cluster is named', 'broken', /no server for cluster "gone" of context "broken"/],
  ['a proxy is refused, not passed over', 'far', /asks for a proxy/],
])('%s', (_, context, message) => {
  expect(readKubeconfig(config, { file, context })).toMatchObject({ ok: false, message });
});

test.each(['}{', '- a\n- b', '', 'null', 'contexts: 7'])('%j is refused in words', (text) => {
  expect(readKubeconfig(text, { file })).toMatchObject({ ok: false, message: /^\/home\/mara\/\.kube\/config / });
});
