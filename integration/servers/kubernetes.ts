import { createSign } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates, makeSigningKey } from './certificates.ts';
import { builtProgram, installedProgram, missing } from './installed.ts';
import type { Running } from './process.ts';
import { freePorts, startProgram, until } from './process.ts';

export const kubernetesMissing = missing({
  etcd: builtProgram('etcd'),
  'kube-apiserver': builtProgram('kube-apiserver'),
  "Cilium's CRDs": builtProgram('cilium-crds'),
  openssl: installedProgram('openssl'),
});

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Rule {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface KubernetesServer {
  readonly server: string;
  /** Path of a kubeconfig: `admin` may do everything, the others what RBAC gives them. */
  kubeconfig(user: string): string;
  /** As `admin`; a JSON body unless it is text, which is YAML. */
  api(method: string, path: string, body?: object | string): Promise<Answer>;
  /** The authority that its certificate is signed by. */
  readonly ca: string;
  installCilium(): Promise<void>;
  /** Signs a token of a service account, as the API server would, which takes it for a minute longer than it says. */
  signToken(account: { readonly namespace: string; readonly name: string }, forSeconds: number): Promise<string>;
  /** Gives a user the verbs on `group/resources`, in the whole cluster or in one namespace. */
  grant(user: string, rules: readonly Rule[], namespace?: string): Promise<void>;
  /** What was asked of the server, as its audit log has it. */
  audited(): Promise<readonly { readonly user: string; readonly verb: string; readonly uri: string }[]>;
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
  stop(): Promise<void>;
}

const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: None, users: ["system:apiserver"]}, {level: Metadata}]
`;

/** kube-apiserver and etcd on free ports of the loopback address, in a folder of their own. */
export async function startKubernetes(users: readonly string[] = ['reader']): Promise<KubernetesServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bartizan-kubernetes-'));
  const [apiPort, etcdPort, peerPort] = await freePorts(3);
  const server = `https://127.0.0.1:${apiPort}`;
  const tls = await makeCertificates(folder, { name: 'kube-apiserver', names: ['kubernetes.default.svc'] });
  const signing = await makeSigningKey(folder);
  const ca = await readFile(tls.ca);
  const path = (file: string): string => join(folder, file);
  await writeFile(path('audit.yaml'), auditPolicy);
  const rows = users.map((user) => `token-of-${user},${user},uid-${user}`);
  await writeFile(path('tokens.csv'), ['token-of-admin,admin,uid-admin,system:masters', ...rows, ''].join('\n'));
  for (const user of ['admin', ...users])
    await writeFile(path(`${user}.kubeconfig`), kubeconfigOf(user, { server, ca: tls.ca }));
  await mkdir(path('etcd'), { mode: 0o700 });

  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const etcd = startProgram(
    builtProgram('etcd') ?? '',
    flagsOf({
      name: 'test',
      'data-dir': path('etcd'),
      'unsafe-no-fsync': 'true',
      'log-level': 'warn',
      'listen-client-urls': etcdUrl,
      'advertise-client-urls': etcdUrl,
      'listen-peer-urls': peerUrl,
      'initial-advertise-peer-urls': peerUrl,
      'initial-cluster': `test=${peerUrl}`,
    }),
  );
  const apiFlags = {
    'etcd-servers': etcdUrl,
    'bind-address': '127.0.0.1',
    'secure-port': `${apiPort}`,
    'advertise-address': '127.0.0.1',
    'endpoint-reconciler-type': 'none',
    'tls-cert-file': tls.cert,
    'tls-private-key-file': tls.key,
    'cert-dir': folder,
    'token-auth-file': path('tokens.csv'),
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': signing.publicKey,
    'service-account-signing-key-file': signing.key,
    'service-cluster-ip-range': '10.0.0.0/16',
    'disable-admission-plugins': 'ServiceAccount',
    'audit-policy-file': path('audit.yaml'),
    'audit-log-path': path('audit.log'),
    'audit-log-mode': 'blocking',
  };
  let apiserver: Running | null = null;

  function api(method: string, at: string, body?: object | string): Promise<Answer> {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const json = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const type = typeof body === 'string' ? 'application/yaml' : json;
    const headers = { Authorization: 'Bearer token-of-admin', Accept: 'application/json', 'Content-Type': type };
    return new Promise((resolve, reject) => {
      const made = request(`${server}${at}`, { method, ca, headers, timeout: 20_000 }, async (response) => {
        let answer = '';
        for await (const chunk of response.setEncoding('utf8')) answer += String(chunk);
        resolve({
          status: response.statusCode ?? 0,
          body: answer.startsWith('{') ? JSON.parse(answer) : { text: answer },
        });
      });
      made.on('error', reject);
      made.end(text);
    });
  }

  async function startApi(): Promise<void> {
    const program = builtProgram('kube-apiserver') ?? '';
    apiserver = startProgram(program, flagsOf(apiFlags));
    const started = apiserver;
    const ready = until('the API server is ready', async () => {
      const { body } = await api('GET', '/readyz');
      return body['text'] === 'ok' ? true : undefined;
    });
    const died = started.exited.then(() => Promise.reject(new Error(`kube-apiserver ended: ${started.output()}`)));
    await Promise.race([ready, died]);
  }

  async function stopApi(): Promise<void> {
    await apiserver?.stop(2000);
    apiserver = null;
  }

  async function installCilium(): Promise<void> {
    const crds = builtProgram('cilium-crds') ?? '';
    const wanted = (await readdir(crds)).filter((file) =>
      /^cilium(clusterwide)?networkpolicies|^ciliumcidrgroups/.test(file),
    );
    const crdPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    for (const file of wanted) {
      const { status, body } = await api('POST', crdPath, await readFile(join(crds, file), 'utf8'));
      if (status !== 201) throw new Error(`${file}: ${JSON.stringify(body)}`);
    }
    await until("Cilium's kinds are served", async () => {
      const answers = await Promise.all(
        wanted.map((file) => api('GET', `/apis/cilium.io/v2/${file.replace('.yaml', '')}?limit=1`)),
      );
      return answers.every(({ status }) => status === 200) ? true : undefined;
    });
  }

  await startApi();
  return {
    server,
    kubeconfig: (user) => path(`${user}.kubeconfig`),
    api,
    ca: tls.ca,
    installCilium,
    async signToken({ namespace, name }, forSeconds) {
      const { body } = await api('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`);
      const { uid } = body['metadata'] as { uid: string };
      const now = Math.floor(Date.now() / 1000);
      const issuer = apiFlags['service-account-issuer'];
      const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        iss: issuer,
        aud: [issuer],
        sub: `system:serviceaccount:${namespace}:${name}`,
        iat: now,
        nbf: now,
        exp: now + forSeconds,
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
      };
      const text = `${part({ alg: 'RS256' })}.${part(claims)}`;
      return `${text}.${createSign('RSA-SHA256')
        .update(text)
        .sign(await readFile(signing.key))
        .toString('base64url')}`;
    },
    async grant(user, rules, namespace) {
      const apiGroup = 'rbac.authorization.k8s.io';
      const root = `/apis/${apiGroup}/v1${namespace === undefined ? '' : `/namespaces/${namespace}`}`;
      const [kind, roles] = namespace === undefined ? ['ClusterRole', 'clusterroles'] : ['Role', 'roles'];
      const metadata = { name: `test-${user}` };
      const asRules = rules.map(({ group, resources, verbs }) => ({ apiGroups: [group], resources, verbs }));
      await api('DELETE', `${root}/${roles}/${metadata.name}`);
      await api('POST', `${root}/${roles}`, { metadata, rules: asRules });
      await api('POST', `${root}/${kind.toLowerCase()}bindings`, {
        metadata,
        roleRef: { apiGroup, kind, name: metadata.name },
        subjects: [{ apiGroup, kind: 'User', name: user }],
      });
    },
    async audited() {
      const lines = (await readFile(path('audit.log'), 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => {
        const { user, verb, requestURI } = JSON.parse(line);
        return { user: user.username, verb, uri: requestURI };
      });
    },
    stopApi,
    startApi,
    async stop() {
      await stopApi();
      await etcd.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function flagsOf(flags: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

function kubeconfigOf(user: string, { server, ca }: { server: string; ca: string }): string {
  return `apiVersion: v1
kind: Config
current-context: test
users: [{name: ${user}, user: {token: token-of-${user}}}]
clusters: [{name: test, cluster: {server: "${server}", certificate-authority: "${ca}"}}]
contexts: [{name: test, context: {cluster: test, user: ${user}, namespace: default}}]
`;
}
