import { openApiDocument } from '@bartizan/api';
import type { ProblemDetails } from '@bartizan/api';
import compress from '@fastify/compress';
import { LogController, fastify } from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Deps } from './deps.ts';
import { environmentsHandler } from './handlers/environments.ts';
import { registerExports } from './handlers/export.ts';
import { firstSeenHandler } from './handlers/first-seen.ts';
import { flowWhyHandler } from './handlers/flow-why.ts';
import { flowHandlers } from './handlers/flows.ts';
import { pendingChangeHandler } from './handlers/pending-change.ts';
import { podsHandler } from './handlers/pods.ts';
import { policyHandlers } from './handlers/policies.ts';
import { policyPreviewHandler } from './handlers/policy-preview.ts';
import { policyHistoryHandlers } from './handlers/policy-history.ts';
import { policyWriteHandlers } from './handlers/policy-writes.ts';
import { registerStream } from './handlers/stream.ts';
import { wafTuningHandler } from './handlers/waf-tuning.ts';
import { wafHandlers } from './handlers/waf.ts';
import { registerGuard } from './http/guard.ts';
import { registerHealth } from './http/health.ts';
import { registerMetrics } from './http/metrics.ts';
import { registerHeaders, registerPages } from './http/pages.ts';
import { toProblem } from './http/problem.ts';
import { ClientGone, registerRoutes } from './http/register.ts';
import { registerSignIn } from './http/sign-in.ts';
import { openPolicyRoom } from './policies/room.ts';

/** 1 MB is the largest manifest that Kubernetes takes; JSON escaping can double it. */
const bodyLimit = 3 * 1024 * 1024;
/** A name in Kubernetes may have 253 characters, an identifier of another system any number: Node limits the whole address. */
const maxParamLength = 16 * 1024;

const bug: ProblemDetails = {
  type: 'about:blank',
  title: 'The console failed',
  status: 500,
  code: 'internal',
  detail: 'Its log says more.',
};

/** The whole interface and the pages, over ports alone. `tls` holds PEM texts. */
export async function createApp(
  deps: Deps,
  options: { tls?: { cert: string; key: string } } = {},
): Promise<FastifyInstance> {
  const shared = {
    loggerInstance: deps.log,
    bodyLimit,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    routerOptions: { maxParamLength },
    // What is wrong with an address itself never gets to the error handler.
    frameworkErrors: (error: Error, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, toProblem(error) ?? bug),
  } as const;
  const app = (options.tls
    ? fastify({ ...shared, https: options.tls })
    : fastify(shared)) as unknown as FastifyInstance;
  registerErrors(app, deps);
  registerBodies(app);
  registerHeaders(app);
  registerGuard(app, deps);
  await app.register(compress, { threshold: 2048, encodings: ['gzip', 'identity'] });
  registerMetrics(app, deps);
  registerHealth(app, deps);
  registerSignIn(app, deps.signIn);
  const room = await openPolicyRoom(deps);
  app.addHook('onClose', () => room.close());
  registerRoutes(app, {
    environments: environmentsHandler(deps),
    ...wafHandlers(deps),
    wafTuning: wafTuningHandler(deps),
    ...flowHandlers(deps),
    flowFirstSeen: firstSeenHandler(deps),
    flowWhy: flowWhyHandler(deps),
    pods: podsHandler(deps),
    ...policyHandlers(deps, room),
    ...policyWriteHandlers(deps, room),
    ...policyHistoryHandlers(deps),
    pendingChange: pendingChangeHandler(deps, room),
    previewPolicy: policyPreviewHandler(deps, room),
  });
  registerExports(app, deps);
  registerStream(app, deps);
  const document = openApiDocument(deps.version);
  app.get('/api/v1/openapi.json', async () => document);
  await registerPages(app, deps.pages);
  return app;
}

function registerErrors(app: FastifyInstance, { log }: Deps): void {
  app.setErrorHandler(async (error, request, reply) => {
    const problem = toProblem(error);
    if (problem === null && !(error instanceof ClientGone))
      log.error(
        { err: error, method: request.method, path: request.routeOptions.url },
        'a request failed, which is a bug',
      );
    return sendProblem(reply, problem ?? bug);
  });
}

function sendProblem(reply: FastifyReply, details: ProblemDetails): FastifyReply {
  return reply.code(details.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(details));
}

/** JSON and nothing else; what needs no body may say that it is JSON and send none, as many clients do. */
function registerBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null) : parse(request, String(body), done),
  );
}
