import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Json, JsonObject } from '../json.ts';
import { isObject } from '../json.ts';
import { apiGroup, apiGroups, apiResources, apiVersions, versionAnswer } from './discovery.ts';
import { listObjects, readSelection } from './reads.ts';
import { review } from './reviews.ts';
import type { Route } from './route.ts';
import { routeOf } from './route.ts';
import type { Status } from './status.ts';
import { badRequest, failure, methodNotAllowed, noSuchPath, notFound, unsupportedMedia } from './status.ts';
import type { Fault } from '../fault.ts';
import { watchObjects } from './watch.ts';
import type { Outcome, Target, WriteContext, WriteOptions } from './writes.ts';
import { createObject, deleteObject, patchObject, replaceObject } from './writes.ts';

export interface ApiServerOptions extends WriteContext {
  /** How requests for a resource go wrong, where they do. */
  readonly faultOf: (plural: string) => Fault | undefined;
}

const jsonTypes = ['application/json', ''];
const patchTypes = ['application/merge-patch+json', 'application/strategic-merge-patch+json'];
const largestBody = 3 * 1024 * 1024;

export function createApiServer(options: ApiServerOptions): Server {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      refuse(response, failure(500, 'InternalError', `Internal error occurred: ${String(error)}`));
    });
  });
  server.keepAliveTimeout = 60_000;
  return server;
}

async function handle(options: ApiServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const route = routeOf(url.pathname);
  const method = request.method ?? 'GET';
  if (route.kind === 'collection' || route.kind === 'object') {
    const fault = options.faultOf(route.resource.plural);
    if (fault) return failOnPurpose(response, fault);
  }
  if (method === 'GET')
    return read(options, { route, query: url.searchParams, host: request.headers.host ?? '' }, response);
  const isProtobuf = mediaType(request).includes('protobuf');
  if (isProtobuf && route.kind !== 'review') return refuse(response, unsupportedMedia('application/json'));
  // The answer of a review does not depend on the question, which kubectl asks in protobuf.
  const body = isProtobuf ? {} : await bodyOf(request);
  if (body === undefined) return refuse(response, badRequest('the body of the request is not JSON, or too large'));
  if (route.kind === 'review' && method === 'POST') {
    const answer = review(route.plural, body);
    return answer ? send(response, 201, answer) : refuse(response, noSuchPath());
  }
  if (route.kind !== 'collection' && route.kind !== 'object') return refuse(response, noSuchPath());
  const outcome = write(options, { route, method, body, type: mediaType(request) }, optionsOf(request, url, body));
  return outcome.ok ? send(response, outcome.code, outcome.object) : refuse(response, outcome.status);
}

function read(
  { store }: ApiServerOptions,
  { route, query, host }: { readonly route: Route; readonly query: URLSearchParams; readonly host: string },
  response: ServerResponse,
): void {
  switch (route.kind) {
    case 'version':
      return send(response, 200, versionAnswer());
    case 'healthy':
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('ok');
      return;
    case 'core-versions':
      return send(response, 200, apiVersions(host));
    case 'groups':
      return send(response, 200, apiGroups());
    case 'group':
      return sendOr404(response, apiGroup(route.group));
    case 'resource-list':
      return sendOr404(response, apiResources(route.groupVersion));
    case 'object': {
      const object = store.get(route.resource, route.namespace, route.name);
      return object ? send(response, 200, object) : refuse(response, notFound(route.resource, route.name));
    }
    case 'collection': {
      const selection = readSelection(query);
      if (!selection.ok) return refuse(response, selection.status);
      const asked = { resource: route.resource, namespace: route.namespace, match: selection.match, query };
      if (['1', 'true'].includes(query.get('watch') ?? '')) return watchObjects(store, asked, response);
      const listed = listObjects(store, asked);
      return listed.ok ? send(response, 200, listed.list) : refuse(response, listed.status);
    }
    case 'review':
      return refuse(response, methodNotAllowed());
    case 'unknown':
      return refuse(response, noSuchPath());
    default:
      return route satisfies never;
  }
}

function write(
  context: WriteContext,
  asked: {
    readonly route: Extract<Route, { kind: 'collection' | 'object' }>;
    readonly method: string;
    readonly body: Json;
    readonly type: string;
  },
  options: WriteOptions | Status,
): Outcome {
  if ('code' in options) return { ok: false, status: options };
  const { route, method, body, type } = asked;
  const target: Target = {
    resource: route.resource,
    namespace: route.namespace ?? '',
    name: route.kind === 'object' ? route.name : '',
  };
  const accepted = method === 'PATCH' ? patchTypes : jsonTypes;
  if (!accepted.includes(type)) return { ok: false, status: unsupportedMedia(accepted.filter(Boolean).join(', ')) };
  if (route.kind === 'collection') {
    const placed = route.resource.namespaced === (route.namespace !== undefined);
    if (method === 'POST' && placed) return createObject(context, target, { body, options });
    return { ok: false, status: methodNotAllowed() };
  }
  if (method === 'PUT') return replaceObject(context, target, { body, options });
  if (method === 'PATCH') return patchObject(context, target, { body, options });
  if (method === 'DELETE') return deleteObject(context, target, { body, dryRun: options.dryRun });
  return { ok: false, status: methodNotAllowed() };
}

function optionsOf(request: IncomingMessage, url: URL, body: Json): WriteOptions | Status {
  const inBody = request.method === 'DELETE' && isObject(body) && Array.isArray(body['dryRun']) ? body['dryRun'] : [];
  const dryRun = [...url.searchParams.getAll('dryRun'), ...inBody];
  if (dryRun.some((value) => value !== 'All')) {
    return failure(422, 'Invalid', `dryRun: Unsupported value: ${JSON.stringify(dryRun[0])}: supported values: "All"`);
  }
  const agent = (request.headers['user-agent'] ?? '').split('/')[0];
  const manager = url.searchParams.get('fieldManager') || agent || 'unknown';
  return { manager, dryRun: dryRun.length > 0, strict: url.searchParams.get('fieldValidation') === 'Strict' };
}

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

async function bodyOf(request: IncomingMessage): Promise<Json | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    size += piece.length;
    if (size > largestBody) return undefined;
    chunks.push(piece);
  }
  const source = Buffer.concat(chunks).toString('utf8');
  if (source === '') return {};
  try {
    return asJson(JSON.parse(source));
  } catch {
    return undefined;
  }
}

/** JSON.parse answers nothing but JSON. */
function asJson(value: unknown): Json {
  return value as Json;
}

function failOnPurpose(response: ServerResponse, fault: Fault): void {
  if (fault === 'fail') return refuse(response, failure(500, 'InternalError', 'etcdserver: request timed out'));
  if (fault === 'garbage')
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('<html>bad gateway</html>');
}

function sendOr404(response: ServerResponse, body: JsonObject | undefined): void {
  return body ? send(response, 200, body) : refuse(response, noSuchPath());
}

function refuse(response: ServerResponse, status: Status): void {
  return send(response, status.code, status);
}

function send(response: ServerResponse, code: number, body: JsonObject): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response.writeHead(code, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.end(`${JSON.stringify(body)}\n`);
}
