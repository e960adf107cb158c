import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';

/** `/healthz`: the process is alive. `/readyz`: it can answer, with one line per source; a source that is down does not make it unready. */
export function registerHealth(app: FastifyInstance, deps: Pick<Deps, 'isReady' | 'sources' | 'environments'>): void {
  app.get('/healthz', async (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'));
  app.get('/readyz', async (_request, reply) => {
    const ready = deps.isReady();
    const { items } = deps.environments();
    const used = deps.sources.filter((source) => items.length === 0 || items.some((setup) => source.covers(setup)));
    const lines = used.map((source) => {
      const { state, kind, reason } = source.status();
      return `${source.signal} ${source.name} (${kind}): ${state}${reason === undefined ? '' : `, ${oneLine(reason)}`}`;
    });
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(`${[ready ? 'ready' : 'not ready: history is being stored', ...lines].join('\n')}\n`);
  });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
