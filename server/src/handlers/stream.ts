import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { badRequest } from '../http/problem.ts';
import { clustersOf, selectEnvironment } from '../selection.ts';

const topics = ['policies', 'transactions', 'flows'] as const;
type Topic = (typeof topics)[number];

/** How often a reader is told that observed data may have grown; policies are told at once. */
const tickMs = 5000;
const policyKinds = new Set(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);

/** Server-sent events: an event named after its topic says that it is worth asking again. */
export function registerStream(app: FastifyInstance, deps: Deps): void {
  app.get('/api/v1/environments/:env/stream', async (request, reply) => {
    const { env } = request.params as { env: string };
    const asked = readTopics((request.query as { topics?: unknown }).topics);
    const selection = selectEnvironment(deps, env);
    reply.hijack();
    const { raw } = reply;
    const carried = Object.entries(reply.getHeaders()).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    raw.writeHead(200, {
      ...Object.fromEntries(carried),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    const send = (topic: Topic): void => void raw.write(`event: ${topic}\ndata: {}\n\n`);
    raw.write('retry: 2000\n\n');
    const stops = asked.has('policies')
      ? clustersOf(deps, selection).map((cluster) =>
          cluster.onChange((kind) => policyKinds.has(kind) && send('policies')),
        )
      : [];
    const timer = setInterval(() => {
      raw.write(': still here\n\n');
      for (const topic of ['transactions', 'flows'] as const) if (asked.has(topic)) send(topic);
    }, tickMs);
    const end = (): void => {
      clearInterval(timer);
      for (const stop of stops) stop();
      open.delete(end);
      raw.end();
    };
    open.add(end);
    raw.once('close', end);
  });
  const open = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const end of open) end();
  });
}

function readTopics(text: unknown): ReadonlySet<Topic> {
  const asked = (typeof text === 'string' ? text : topics.join(',')).split(',');
  const wrong = asked.find((topic) => !(topics as readonly string[]).includes(topic));
  if (wrong !== undefined)
    throw badRequest(`There is no topic "${wrong}". The topics are: ${topics.join(', ')}.`, 'unknown-topic');
  return new Set(asked as Topic[]);
}
