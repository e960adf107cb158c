import { readFile } from 'node:fs/promises';
import type { CredentialSource } from './credentials.ts';
import { credentialsOf, readPem } from './credentials.ts';
import type { AskPlugin } from './exec-plugin.ts';
import type { KubeContext } from './kubeconfig.ts';
import { readKubeconfig } from './kubeconfig.ts';

export interface ConnectionOptions {
  /** A file; without one, the service account of the pod that this runs in. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly askPlugin: AskPlugin;
}

export interface Connection {
  readonly server: string;
  readonly tls: { readonly ca?: string; readonly servername?: string; readonly rejectUnauthorized?: boolean };
  readonly credentials: CredentialSource;
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reads where the API is and how to sign in. Throws what a person can act on. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const context = options.kubeconfig === undefined ? inCluster(options.environment) : await fromFile(options);
  const ca = await readPem(context.ca);
  return {
    server: context.server,
    tls: {
      ...(ca === null ? {} : { ca }),
      ...(context.tlsServerName === null ? {} : { servername: context.tlsServerName }),
      ...(context.skipTlsVerify ? { rejectUnauthorized: false } : {}),
    },
    credentials: credentialsOf(context.user, options),
  };
}

async function fromFile({ kubeconfig = '', context }: ConnectionOptions): Promise<KubeContext> {
  const read = readKubeconfig(await readFile(kubeconfig, 'utf8'), { file: kubeconfig, context });
  if (!read.ok) throw new Error(read.message);
  return read.context;
}

function inCluster(environment: ConnectionOptions['environment']): KubeContext {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? 'kubernetes.default.svc';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    name: 'in-cluster',
    namespace: null,
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tlsServerName: null,
    skipTlsVerify: false,
    ca: { file: `${serviceAccount}/ca.crt` },
    user: {
      cert: null,
      key: null,
      token: { file: `${serviceAccount}/token` },
      basic: null,
      impersonate: null,
      exec: null,
      authProvider: null,
    },
  };
}
