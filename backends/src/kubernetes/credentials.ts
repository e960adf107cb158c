import { readFile } from 'node:fs/promises';
import type { AskPlugin } from './exec-plugin.ts';
import type { JsonRecord } from './json.ts';
import type { KubeUser, Pem } from './kubeconfig.ts';

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly cert?: string;
  readonly key?: string;
}

export interface CredentialSource {
  /** `fresh` where the server refused the last ones: nothing remembered is used again. */
  get(options: { readonly fresh: boolean }): Promise<Credentials>;
}

const rereadMs = 60_000;

/** Credentials of a user of a kubeconfig; token files are read again every minute, plugins run again when theirs expire. */
export function credentialsOf(
  user: KubeUser,
  { clock, askPlugin }: { clock: () => number; askPlugin: AskPlugin },
): CredentialSource {
  let fromFile: { readonly token: string; readonly atMs: number } | null = null;
  const oidc = user.authProvider === null ? null : openOidc(user.authProvider);

  async function bearer(fresh: boolean): Promise<string | null> {
    if (user.token !== null && 'text' in user.token) return user.token.text;
    if (user.token !== null) {
      if (fresh || fromFile === null || clock() - fromFile.atMs > rereadMs)
        fromFile = { token: (await readFile(user.token.file, 'utf8')).trim(), atMs: clock() };
      return fromFile.token;
    }
    return oidc === null ? null : oidc();
  }

  return {
    async get({ fresh }) {
      const run = user.exec === null ? null : await askPlugin(user.exec, { fresh });
      const token = (await bearer(fresh)) ?? run?.token ?? null;
      const cert = run?.cert ?? (await readPem(user.cert));
      const key = run?.key ?? (await readPem(user.key));
      return {
        headers: {
          ...(token === null ? basicHeader(user) : { Authorization: `Bearer ${token}` }),
          ...(user.impersonate === null ? {} : { 'Impersonate-User': user.impersonate }),
        },
        ...(cert === null || key === null ? {} : { cert, key }),
      };
    },
  };
}

export async function readPem(pem: Pem | null): Promise<string | null> {
  if (pem === null) return null;
  return 'text' in pem ? pem.text : readFile(pem.file, 'utf8');
}

function basicHeader({ basic }: KubeUser): Record<string, string> {
  if (basic === null) return {};
  return { Authorization: `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString('base64')}` };
}

/**
 * OIDC comes from client-node, loaded only where a kubeconfig asks for it: refreshing tokens is not twenty lines. The module is
 * named by its file, because the package's entry loads 75 MB of generated API in 2.5 s.
 */
function openOidc(provider: JsonRecord): () => Promise<string | null> {
  const user = {
    name: 'user',
    authProvider: { name: String(provider['name']), config: { ...asConfig(provider['config']) } },
  };
  let loaded: Promise<Authenticator> | undefined;
  return async () => {
    if (provider['name'] !== 'oidc')
      throw new Error(`the auth-provider "${String(provider['name'])}" of the kubeconfig is not supported; use exec`);
    loaded ??= import('@kubernetes/client-node/dist/oidc_auth.js').then((module) =>
      adapt(new module.OpenIDConnectAuth()),
    );
    const options = { headers: {} as Record<string, string> };
    await (await loaded).applyAuthentication(user, options);
    return options.headers['Authorization']?.replace(/^Bearer /, '') ?? null;
  };
}

interface Authenticator {
  applyAuthentication(user: object, options: { headers: Record<string, string> }): Promise<void>;
}

/** Their User and RequestOptions have many more fields; OIDC reads only these. */
function adapt(authenticator: unknown): Authenticator {
  return authenticator as Authenticator;
}

function asConfig(config: unknown): object {
  return typeof config === 'object' && config !== null ? config : {};
}
