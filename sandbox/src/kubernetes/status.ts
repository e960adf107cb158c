import type { JsonObject } from '../json.ts';
import type { Resource } from './resources.ts';
import { qualifiedName } from './resources.ts';

export interface Status extends JsonObject {
  readonly code: number;
  readonly message: string;
  readonly reason: string;
}

export interface Cause {
  readonly field: string;
  readonly message: string;
  readonly reason?: string;
}

export function failure(code: number, reason: string, message: string, details: JsonObject = {}): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code };
}

export function deleted(resource: Resource, name: string, uid: string): JsonObject {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { ...about(resource, name), uid },
  };
}

export function notFound(resource: Resource, name: string): Status {
  return failure(404, 'NotFound', `${qualifiedName(resource)} "${name}" not found`, about(resource, name));
}

export function noSuchPath(): Status {
  return failure(404, 'NotFound', 'the server could not find the requested resource');
}

export function alreadyExists(resource: Resource, name: string): Status {
  return failure(409, 'AlreadyExists', `${qualifiedName(resource)} "${name}" already exists`, about(resource, name));
}

export const stale = 'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(resource: Resource, name: string, why: string): Status {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, about(resource, name));
}

export function badRequest(message: string): Status {
  return failure(400, 'BadRequest', message);
}

export function gone(asked: number, oldest: number): Status {
  return failure(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}

export function unsupportedMedia(accepted: string): Status {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return failure(415, 'UnsupportedMediaType', message);
}

export function methodNotAllowed(): Status {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

export function invalid(resource: Resource, name: string, causes: readonly Cause[]): Status {
  const named = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const lines = causes.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  const said = lines.length === 1 ? lines.join('') : `[${lines.join(', ')}]`;
  return failure(422, 'Invalid', `${named} "${name}" is invalid: ${said}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes: causes.map(({ field, message, reason }) => ({ reason: reason ?? 'FieldValueInvalid', message, field })),
  });
}

/** What strict field validation answers for unknown fields. */
export function strictDecoding(resource: Resource, complaints: readonly string[]): Status {
  const message = `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${complaints.join(', ')}`;
  return badRequest(message);
}

function about(resource: Resource, name: string): JsonObject {
  return resource.group === ''
    ? { name, kind: resource.plural }
    : { name, group: resource.group, kind: resource.plural };
}
