import { isIP } from 'node:net';
import { CommandError } from '../command.ts';
import type { Config } from './config.ts';

export interface Exposure {
  readonly host: string;
  readonly port: number;
  /** Whether somebody other than this machine's own users could come in: then a token is asked for. */
  readonly needsSignIn: boolean;
  readonly secureCookie: boolean;
}

/** Where it listens, and whether that is safe: refused where it would be open to others, or its token readable on the way. */
export function readExposure(config: Config, file: string): Exposure {
  const at = config.listen.lastIndexOf(':');
  const host = config.listen.slice(0, at).replaceAll(/^\[|\]$/g, '');
  const port = Number(config.listen.slice(at + 1));
  if (port > 65_535) throw new CommandError(`${file}: listen: there is no port ${port}`);
  const needsSignIn = !isLoopback(host) || config.publicUrl !== undefined;
  const isPrivate = config.tls !== undefined || config.publicUrl?.startsWith('https://') === true;
  const why = config.publicUrl === undefined ? `${host} can be reached from other machines` : 'publicUrl is set';
  if (needsSignIn && !config.signIn)
    throw new CommandError(`${file}: ${why}, so people must sign in. Add:\n\nsignIn:\n  accessToken: true\n`);
  if (needsSignIn && !isPrivate)
    throw new CommandError(
      `${file}: ${why}, so the access token must not cross the network in the clear. Add tls.certificate and tls.key, or a publicUrl that begins with https:// and is served by a proxy in front.`,
    );
  return { host, port, needsSignIn: needsSignIn || config.signIn !== undefined, secureCookie: isPrivate };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `Host` values and origins under which this console may be addressed. */
export function allowedNames(options: { host: string; port: number; publicUrl?: string | undefined; tls: boolean }): {
  hosts: string[];
  origins: string[];
} {
  const { host, port, publicUrl, tls } = options;
  const scheme = tls ? 'https' : 'http';
  const local = isLoopback(host)
    ? ['127.0.0.1', 'localhost', '[::1]']
    : [isIP(host) === 6 ? `[${host}]` : host, '127.0.0.1', 'localhost'];
  const hosts = local.map((name) => `${name}:${port}`);
  const origins = hosts.map((name) => `${scheme}://${name}`);
  if (publicUrl !== undefined) {
    const url = new URL(publicUrl);
    const isDefaultPort = url.port === '';
    hosts.push(url.host, ...(isDefaultPort ? [`${url.hostname}:${url.protocol === 'https:' ? 443 : 80}`] : []));
    origins.push(url.origin);
  }
  return { hosts, origins };
}
