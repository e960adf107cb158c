import { contract, routes } from '@bartizan/api';
import type { Answer, Body, Params, Query, RouteName } from '@bartizan/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { badRequest } from './problem.ts';

export interface Call<Name extends RouteName> {
  readonly params: Params<Name>;
  readonly query: Query<Name>;
  readonly body: Body<Name>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<Answer<Name>>;
export type Handlers = { readonly [Name in RouteName]: Handler<Name> };

/** Registers every route of the contract: checks what comes in by its schemas, hands it to its handler. */
export function registerRoutes(app: FastifyInstance, handlers: Handlers): void {
  for (const name of Object.keys(routes) as RouteName[]) registerRoute(app, name, handlers);
}

function registerRoute<Name extends RouteName>(app: FastifyInstance, name: Name, handlers: Handlers): void {
  const { method, path } = routes[name];
  app.route({
    method,
    url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
    handler: async (request, reply) => {
      const call = {
        params: check(name, 'params', request.params),
        query: check(name, 'query', request.query),
        body: check(name, 'body', request.body),
        request,
        reply,
        signal: abortSignal(reply),
      };
      // The schemas have just made the parts what the contract says they are; TypeScript cannot follow the generic lookup.
      return handlers[name](call as Call<Name>);
    },
  });
}

/** Why work stops whose answer nobody waits for. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Aborted when the client goes away before the answer. */
export function abortSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new ClientGone('the client went away'));
  });
  return gone.signal;
}

type PartName = 'params' | 'query' | 'body';

interface CheckedSchema {
  readonly shape?: Readonly<Record<string, unknown>>;
  safeParse(
    value: unknown,
  ):
    | { success: true; data: unknown }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
}

function check(name: RouteName, part: PartName, value: unknown): unknown {
  const schema = (contract[name] as Partial<Record<PartName, CheckedSchema>>)[part];
  const given = value ?? {};
  if (part !== 'params' && typeof given === 'object' && !Array.isArray(given))
    refuseUnknown(part, Object.keys(given), Object.keys(schema?.shape ?? {}));
  if (!schema) return {};
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue ? issue.path.map(String).join('.') : '';
  throw badRequest(`${where === '' ? `The ${part}` : `"${where}"`} is wrong: ${issue?.message ?? 'it does not fit'}`);
}

/** What is misspelt and silently dropped would give a wrong number, or a write where a dry run was meant. */
function refuseUnknown(part: 'query' | 'body', given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const what = part === 'query' ? 'parameter' : 'field';
  const instead = known.length === 0 ? 'Here is none at all.' : `The ${what}s are: ${known.join(', ')}.`;
  throw badRequest(`There is no ${what} "${unknown}". ${instead}`, `unknown-${what}`);
}
