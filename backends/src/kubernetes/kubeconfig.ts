import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import type { JsonRecord } from './json.ts';
import { recordOf, recordsOf, textOf } from './json.ts';

/** Where the API of one context is, and who asks. Paths are absolute. */
export interface KubeContext {
  readonly name: string;
  readonly namespace: string | null;
  readonly server: string;
  readonly tlsServerName: string | null;
  readonly skipTlsVerify: boolean;
  readonly ca: Pem | null;
  readonly user: KubeUser;
}

export interface KubeUser {
  readonly cert: Pem | null;
  readonly key: Pem | null;
  readonly token: { readonly text: string } | { readonly file: string } | null;
  readonly basic: { readonly username: string; readonly password: string } | null;
  readonly impersonate: string | null;
  readonly exec: ExecPlugin | null;
  readonly authProvider: JsonRecord | null;
}

export type Pem = { readonly text: string } | { readonly file: string };

export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the plugin is told of the cluster where it asks for it. */
  readonly cluster: JsonRecord | null;
}

export type KubeconfigResult =
  | { readonly ok: true; readonly contexts: readonly string[]; readonly context: KubeContext }
  | { readonly ok: false; readonly message: string };

/** Reads one context of a kubeconfig: the named one, else its current one. `file` is where the text was read from. */
export function readKubeconfig(
  text: string,
  { file, context }: { readonly file: string; readonly context?: string | undefined },
): KubeconfigResult {
  const config = parseYaml(text);
  if (config === undefined) return { ok: false, message: `${file} is not YAML` };
  const contexts = recordsOf(config['contexts']).map((entry) => textOf(entry['name']));
  const wanted = context ?? textOf(config['current-context']);
  if (wanted === '')
    return { ok: false, message: `${file} names no current context; give one of: ${contexts.join(', ')}` };
  const chosen = named(config['contexts'], wanted, 'context');
  if (chosen === undefined)
    return { ok: false, message: `${file} has no context "${wanted}"; it has: ${contexts.join(', ') || 'none'}` };
  const clusterName = textOf(chosen['cluster']);
  const cluster = named(config['clusters'], clusterName, 'cluster');
  const server = textOf(cluster?.['server']).replace(/\/+$/, '');
  if (cluster === undefined || server === '')
    return { ok: false, message: `${file} has no server for cluster "${clusterName}" of context "${wanted}"` };
  if (!URL.canParse(server)) return { ok: false, message: `${file}: "${server}" is not the address of a server` };
  if (textOf(cluster['proxy-url']) !== '')
    return {
      ok: false,
      message: `${file} asks for a proxy (proxy-url) in cluster "${clusterName}", which is not supported`,
    };
  const user = named(config['users'], textOf(chosen['user']), 'user') ?? {};
  const folder = dirname(resolve(file));
  return {
    ok: true,
    contexts,
    context: {
      name: wanted,
      namespace: textOf(chosen['namespace']) || null,
      server,
      tlsServerName: textOf(cluster['tls-server-name']) || null,
      skipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
      ca: pemOf(cluster, 'certificate-authority', folder),
      user: userOf(user, { cluster, folder }),
    },
  };
}

function userOf(user: JsonRecord, { cluster, folder }: { cluster: JsonRecord; folder: string }): KubeUser {
  const username = textOf(user['username']);
  const exec = recordOf(user['exec']);
  return {
    cert: pemOf(user, 'client-certificate', folder),
    key: pemOf(user, 'client-key', folder),
    token: tokenOf(user, folder),
    basic: username === '' ? null : { username, password: textOf(user['password']) },
    impersonate: textOf(user['as']) || null,
    exec: textOf(exec['command']) === '' ? null : execOf(exec, { cluster, folder }),
    authProvider: user['auth-provider'] === undefined ? null : recordOf(user['auth-provider']),
  };
}

/** A file wins over the text, as in client-go: the file is what gets rotated. */
function tokenOf(user: JsonRecord, folder: string): KubeUser['token'] {
  const file = textOf(user['tokenFile']);
  if (file !== '') return { file: resolve(folder, file) };
  const text = textOf(user['token']);
  return text === '' ? null : { text };
}

function pemOf(entry: JsonRecord, field: string, folder: string): Pem | null {
  const inline = textOf(entry[`${field}-data`]);
  if (inline !== '') return { text: Buffer.from(inline, 'base64').toString('utf8') };
  const file = textOf(entry[field]);
  return file === '' ? null : { file: resolve(folder, file) };
}

function execOf(exec: JsonRecord, { cluster, folder }: { cluster: JsonRecord; folder: string }): ExecPlugin {
  const command = textOf(exec['command']);
  const env = recordsOf(exec['env']).map((entry) => [textOf(entry['name']), textOf(entry['value'])] as const);
  return {
    apiVersion: textOf(exec['apiVersion']) || 'client.authentication.k8s.io/v1',
    command: /[/\\]/.test(command) ? resolve(folder, command) : command,
    args: Array.isArray(exec['args']) ? exec['args'].map(String) : [],
    env: Object.fromEntries(env),
    cluster: exec['provideClusterInfo'] === true ? cluster : null,
  };
}

function named(list: unknown, name: string, field: string): JsonRecord | undefined {
  const entry = recordsOf(list).find((one) => one['name'] === name);
  return entry && recordOf(entry[field]);
}

function parseYaml(text: string): JsonRecord | undefined {
  try {
    return recordOf(parse(text, { maxAliasCount: 100 }));
  } catch {
    return undefined;
  }
}
