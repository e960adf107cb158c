import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { admit } from './admit.ts';
import type { Reader } from './admit.ts';
import type { Findings, Path } from './findings.ts';
import { isDnsLabel, labelValue, subdomain } from './formats.ts';
import { labelKeyFault } from './label-keys.ts';
import { list, map, object, text, wholeNumber } from './schema.ts';
import type { ObjectSchema } from './schema.ts';

const int64 = wholeNumber(-(2 ** 63), 2 ** 63);

function metadataSchema(): ObjectSchema {
  const owner = object('an owner reference', {
    apiVersion: text(),
    kind: text(),
    name: text(),
    uid: text(),
    controller: { type: 'boolean' },
    blockOwnerDeletion: { type: 'boolean' },
  });
  const managed = object('an item of `managedFields`', {
    manager: text(),
    operation: text(),
    apiVersion: text(),
    time: text(),
    fieldsType: text(),
    fieldsV1: { type: 'any' },
    subresource: text(),
  });
  return object('`metadata`', {
    name: text(),
    generateName: text(),
    namespace: text(),
    selfLink: text(),
    uid: text(),
    resourceVersion: text(),
    generation: int64,
    creationTimestamp: text(),
    deletionTimestamp: text(),
    deletionGracePeriodSeconds: int64,
    labels: map(text()),
    annotations: map(text()),
    ownerReferences: list(owner),
    finalizers: list(text()),
    managedFields: list(managed),
  });
}

/** `metadata` as the API server checks it for every kind (apimachinery, ValidateObjectMeta). */
export function checkMetadata(object: JsonObject, reader: Reader, findings: Findings): void {
  const value = object['metadata'] ?? null;
  const path = ['metadata'];
  const admitted = value === null ? undefined : admit(metadataSchema(), value, path, { reader: 'built-in', findings });
  if (value !== null && !isObject(admitted)) return;
  const metadata: JsonObject = isObject(admitted) ? admitted : {};
  checkNames(metadata, isObject(value) ? value : {}, findings);
  checkLabels(metadata['labels'], [...path, 'labels'], findings);
  checkAnnotations(metadata['annotations'], [...path, 'annotations'], findings);
  checkOwners(metadata['ownerReferences'], [...path, 'ownerReferences'], findings);
  checkFinalizers(metadata['finalizers'], reader, findings);
}

/** `written` tells an unusable name, already reported, from none. */
function checkNames(metadata: JsonObject, written: JsonObject, findings: Findings): void {
  const { name, generateName, namespace } = metadata;
  if (
    (name ?? '') === '' &&
    (generateName ?? '') === '' &&
    (written['name'] === undefined || typeof written['name'] === 'string' || written['name'] === null)
  ) {
    findings.refuse(
      'api-server',
      'no-name',
      ['metadata', 'name'],
      '`metadata.name` is missing: give the object a name',
    );
  }
  checkName(name, ['metadata', 'name'], findings);
  if (typeof generateName === 'string')
    checkName(generateName.replace(/(?<=.)-$/, 'a'), ['metadata', 'generateName'], findings);
  if (typeof namespace === 'string' && namespace !== '' && (!isDnsLabel(namespace) || namespace.length > 63)) {
    const message = `\`${namespace}\` cannot be a namespace: its name has up to 63 lower-case letters, digits and \`-\``;
    findings.refuse('api-server', 'bad-namespace', ['metadata', 'namespace'], message);
  }
}

function checkName(name: JsonValue | undefined, path: Path, findings: Findings): void {
  if (typeof name !== 'string' || name === '') return;
  if (name.length > 253)
    findings.refuse(
      'api-server',
      'bad-name',
      path,
      `A name may have 253 characters, but this has ${name.length}: shorten it`,
    );
  else if (!subdomain.test(name))
    findings.refuse('api-server', 'bad-name', path, `\`${name}\` cannot be a name: it consists of ${subdomain.says}`);
}

function checkLabels(labels: JsonValue | undefined, path: Path, findings: Findings): void {
  if (!isObject(labels)) return;
  for (const [key, value] of Object.entries(labels)) {
    const fault = labelKeyFault(key);
    if (fault !== undefined)
      findings.refuse(
        'api-server',
        'bad-label-key',
        [...path, key],
        `\`${key}\` cannot be the key of a label: ${fault}`,
      );
    if (typeof value === 'string' && !isLabelValue(value)) {
      findings.refuse(
        'api-server',
        'bad-label-value',
        [...path, key],
        `${JSON.stringify(value)} cannot be the value of a label: it must be ${labelValue.says}, 63 characters at most`,
      );
    }
  }
}

export function isLabelValue(value: string): boolean {
  return value.length <= 63 && labelValue.test(value);
}

const annotationLimit = 256 * 1024;

function checkAnnotations(annotations: JsonValue | undefined, path: Path, findings: Findings): void {
  if (!isObject(annotations)) return;
  let size = 0;
  for (const [key, value] of Object.entries(annotations)) {
    size += utf8Length(key) + (typeof value === 'string' ? utf8Length(value) : 0);
    const fault = labelKeyFault(key.toLowerCase());
    if (fault !== undefined)
      findings.refuse(
        'api-server',
        'bad-annotation-key',
        [...path, key],
        `\`${key}\` cannot be the key of an annotation: ${fault}`,
      );
  }
  if (size > annotationLimit) {
    findings.refuse(
      'api-server',
      'annotations-too-large',
      path,
      `The annotations have ${size} bytes together, of ${annotationLimit} allowed: shorten them`,
    );
  }
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function checkOwners(owners: JsonValue | undefined, path: Path, findings: Findings): void {
  if (!isArray(owners)) return;
  let controllers = 0;
  for (const [index, owner] of owners.entries()) {
    if (!isObject(owner)) continue;
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if ((owner[field] ?? '') === '') {
        findings.refuse(
          'api-server',
          'missing-field',
          [...path, index],
          `\`${field}\` is missing: an owner reference needs it`,
        );
      }
    }
    if (owner['controller'] === true) controllers++;
  }
  if (controllers > 1)
    findings.refuse(
      'api-server',
      'several-controllers',
      path,
      'Only one owner can be the controller: set `controller` on one',
    );
}

const standardFinalizers: readonly string[] = ['orphan', 'foregroundDeletion', 'kubernetes'];

/** Built-in kinds take a name without a domain only where it is one of Kubernetes' own. */
function checkFinalizers(finalizers: JsonValue | undefined, reader: Reader, findings: Findings): void {
  if (!isArray(finalizers)) return;
  const path = ['metadata', 'finalizers'];
  for (const [index, finalizer] of finalizers.entries()) {
    if (typeof finalizer !== 'string') continue;
    const isBare = reader === 'built-in' && !finalizer.includes('/') && !standardFinalizers.includes(finalizer);
    const fault =
      labelKeyFault(finalizer) ?? (isBare ? 'it needs a domain before it, as in `example.com/name`' : undefined);
    if (fault !== undefined) {
      findings.refuse(
        'api-server',
        'bad-finalizer',
        [...path, index],
        `\`${finalizer}\` cannot be a finalizer: ${fault}`,
      );
    }
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const message = 'The finalizers `orphan` and `foregroundDeletion` exclude each other: keep one';
    findings.refuse('api-server', 'bad-finalizer', path, message);
  }
}
