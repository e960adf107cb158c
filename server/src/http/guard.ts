import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { HttpProblem } from './problem.ts';

export const cookieName = 'bartizan_token';
const open = new Set(['/healthz', '/readyz', '/sign-in', '/sign-in.css']);

/** Refuses requests that name another host (DNS rebinding), that another site's page sends (CSRF), and that nobody has signed in for. */
export function registerGuard(app: FastifyInstance, { allowed, signIn }: Pick<Deps, 'allowed' | 'signIn'>): void {
  app.addHook('onRequest', async (request, reply) => {
    refuseForeignHost(request, allowed.hosts);
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseForeignOrigin(request, allowed.origins);
    if (signIn.kind === 'open' || open.has(pathOf(request)) || isSignedIn(request, signIn.hash)) return;
    if (request.method === 'GET' && (request.headers.accept ?? '').includes('text/html'))
      return reply.redirect('/sign-in', 303);
    throw new HttpProblem({
      status: 401,
      code: 'sign-in-needed',
      title: 'Sign in first',
      detail: 'Send the access token as "Authorization: Bearer TOKEN", or open /sign-in in a browser.',
    });
  });
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function refuseForeignHost(request: FastifyRequest, hosts: readonly string[]): void {
  const host = (request.headers.host ?? '').toLowerCase();
  if (hosts.includes(host)) return;
  throw new HttpProblem({
    status: 421,
    code: 'foreign-host',
    title: 'Not for this host',
    detail: `This console answers for ${hosts.join(', ')}, not for "${host}". Set publicUrl to serve it under another name.`,
  });
}

/** Programs send no Origin; browsers always do on writes. */
function refuseForeignOrigin(request: FastifyRequest, origins: readonly string[]): void {
  const { origin } = request.headers;
  const isCrossSite = request.headers['sec-fetch-site'] === 'cross-site';
  if (!isCrossSite && (origin === undefined || origins.includes(origin.toLowerCase()))) return;
  throw new HttpProblem({
    status: 403,
    code: 'foreign-origin',
    title: 'Another site sent this',
    detail: `Writes are accepted from ${origins.join(', ')} only, not from "${origin ?? 'another site'}".`,
  });
}

function isSignedIn(request: FastifyRequest, hash: string): boolean {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? cookieToken(request.headers.cookie ?? '');
  return token !== undefined && isToken(token, hash);
}

function cookieToken(header: string): string | undefined {
  const pair = header.split(/;\s*/).find((part) => part.startsWith(`${cookieName}=`));
  return pair?.slice(cookieName.length + 1);
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function isToken(token: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(token), 'hex'), Buffer.from(hash, 'hex'));
}
