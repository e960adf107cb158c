import type { FastifyInstance } from 'fastify';
import type { SignIn } from '../deps.ts';
import { cookieName, isToken } from './guard.ts';

/** The page where the access token is entered; after it a cookie stands for the token. */
export function registerSignIn(app: FastifyInstance, signIn: SignIn): void {
  if (signIn.kind === 'open') return;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.get('/sign-in', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page('')));
  app.get('/sign-in.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
  app.post('/sign-in', async (request, reply) => {
    const { token } = (request.body ?? {}) as { token?: unknown };
    if (typeof token !== 'string' || !isToken(token.trim(), signIn.hash))
      return reply
        .code(401)
        .type('text/html; charset=utf-8')
        .send(page('That is not the access token. It was printed once, when the console first started.'));
    const secure = signIn.secureCookie ? '; Secure' : '';
    const cookie = `${cookieName}=${token.trim()}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000${secure}`;
    return reply.header('set-cookie', cookie).redirect('/', 303);
  });
}

function page(message: string): string {
  const note = message === '' ? '' : `<p role="alert">${message}</p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · Bartizan</title><link rel="stylesheet" href="/sign-in.css"><main><h1>Bartizan</h1>${note}<form method="post" action="/sign-in"><label for="token">Access token</label><input id="token" name="token" type="password" autocomplete="current-password" required autofocus><button>Sign in</button></form></main></html>`;
}

const style = `:root{color-scheme:light dark;font:400 13px/20px system-ui,sans-serif}
body{margin:0;display:grid;min-height:100vh;place-items:center;background:light-dark(#f6f7f7,#101415);color:light-dark(#15191a,#e8ecec)}
main{width:min(320px,calc(100vw - 40px))}h1{font-size:15px;line-height:20px}
form{display:grid;gap:8px}label{font-weight:600}
input{font:inherit;height:32px;padding:0 8px;border:1px solid light-dark(#7f888a,#707b7d);border-radius:4px;background:light-dark(#fff,#171c1d);color:inherit}
button{font:inherit;font-weight:600;height:32px;border:0;border-radius:4px;background:light-dark(#0b6863,#57c9be);color:light-dark(#fff,#06201e)}
[role=alert]{color:light-dark(#b02a20,#ff958a)}`;
