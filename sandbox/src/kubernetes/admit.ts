import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import type { KubeObject } from './object.ts';
import { isKubeObject, withMetadata } from './object.ts';
import type { Resource } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import type { Cause, Status } from './status.ts';
import { badRequest, invalid, strictDecoding } from './status.ts';

/** What a policy's schema refuses; unknown fields matter only where strict validation was asked for. */
export interface Refusal {
  readonly kind: 'unknown-field' | 'invalid';
  readonly field: string;
  readonly message: string;
}

export type Validate = (object: KubeObject) => readonly Refusal[];
export type Admitted =
  | { readonly ok: true; readonly object: KubeObject }
  | { readonly ok: false; readonly status: Status };

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Reads a body as an object of this resource and place, or says what the API server would. */
export function admit(resource: Resource, namespace: string, body: Json, newSuffix: () => string): Admitted {
  if (!isObject(body)) return refuse(badRequest('the object provided is unrecognized (must be of type object)'));
  const expected = apiVersionOf(resource);
  const { apiVersion = expected, kind = resource.kind } = body;
  if (kind !== resource.kind || apiVersion !== expected) {
    const message = `the API version in the data (${String(apiVersion)}, Kind=${String(kind)}) does not match the expected API version (${expected}, Kind=${resource.kind})`;
    return refuse(badRequest(message));
  }
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const prefix = metadata['generateName'];
  const name = metadata['name'] ?? (typeof prefix === 'string' ? `${prefix}${newSuffix()}` : undefined);
  const given = { ...body, apiVersion, kind, metadata: { ...metadata, ...(name === undefined ? {} : { name }) } };
  if (!isKubeObject(given)) {
    const message = 'Required value: name or generateName is required';
    return refuse(invalid(resource, '', [{ field: 'metadata.name', message, reason: 'FieldValueRequired' }]));
  }
  const inside = given.metadata['namespace'] ?? namespace;
  if (resource.namespaced && inside !== namespace) {
    return refuse(badRequest('the namespace of the provided object does not match the namespace sent on the request'));
  }
  const causes = nameProblems(given.metadata.name);
  if (causes.length > 0) return refuse(invalid(resource, given.metadata.name, causes));
  return { ok: true, object: resource.namespaced ? withMetadata(given, { namespace }) : withoutNamespace(given) };
}

/** The API server drops the namespace of what has none, without a word. */
function withoutNamespace(object: KubeObject): KubeObject {
  const { namespace: _namespace, ...metadata } = object.metadata;
  return { ...object, metadata };
}

export function checkFields(
  resource: Resource,
  object: KubeObject,
  { validate, strict }: { readonly validate: Validate; readonly strict: boolean },
): Status | undefined {
  const refusals = validate(object);
  const unknown = refusals.filter(({ kind }) => kind === 'unknown-field');
  if (strict && unknown.length > 0)
    return strictDecoding(
      resource,
      unknown.map(({ message }) => message),
    );
  const wrong = refusals.filter(({ kind }) => kind === 'invalid');
  return wrong.length > 0 ? invalid(resource, object.metadata.name, wrong) : undefined;
}

function nameProblems(name: string): Cause[] {
  if (subdomain.test(name) && name.length <= 253) return [];
  return [{ field: 'metadata.name', message: `Invalid value: ${JSON.stringify(name)}: ${subdomainRule}` }];
}

function refuse(status: Status): Admitted {
  return { ok: false, status };
}
