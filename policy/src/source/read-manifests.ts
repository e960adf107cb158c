import type { Problem } from '../model/problem.ts';
import { isJsonPatch, isKustomization, findPatchDirective, findTemplate } from './leftovers.ts';
import { isArray, isObject } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { indexLines } from './lines.ts';
import type { FindPlace } from './lines.ts';
import { locate, pointAt } from './locate.ts';
import type { KeyIndex } from './locate.ts';
import type { Manifest, ManifestSet } from './manifest.ts';
import type { SourceNode } from './nodes.ts';
import { parseDocument } from './parse-document.ts';
import { joinPath, splitPath } from './path.ts';
import { emptyObject, toPlainValue } from './plain-value.ts';
import type { Flaw } from './plain-value.ts';
import { splitDocuments } from './split-documents.ts';
import type { DocumentText } from './split-documents.ts';

export interface ReadOptions {
  readonly file?: string;
  /** A larger document is refused by name. */
  readonly maxBytes?: number;
}

interface Reading {
  readonly text: string;
  readonly file?: string;
  readonly find: FindPlace;
  readonly manifests: Manifest[];
  readonly problems: Problem[];
}

/** Reads every object of a text, YAML or JSON; what cannot be read is a problem and hides nothing else. */
export function readManifests(text: string, options: ReadOptions = {}): ManifestSet {
  const maxBytes = options.maxBytes ?? 4 * 1024 * 1024;
  const named = options.file === undefined ? {} : { file: options.file };
  const reading: Reading = { text, ...named, find: indexLines(text), manifests: [], problems: [] };
  for (const document of splitDocuments(text)) {
    if (isLarger(text, document, maxBytes)) reportSize(reading, document, maxBytes);
    else readDocument(reading, document);
  }
  const { manifests, problems } = reading;
  return { text, ...named, manifests, problems };
}

function isLarger(text: string, { start, end }: DocumentText, maxBytes: number): boolean {
  if (end - start > maxBytes) return true;
  if ((end - start) * 3 <= maxBytes) return false;
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes > maxBytes;
}

function reportSize(reading: Reading, { start }: DocumentText, maxBytes: number): void {
  const size = `${Math.round((maxBytes / 1024 / 1024) * 10) / 10} MB`;
  report(reading, start, {
    code: 'too-large',
    message: `This document is larger than ${size} and is not read: split it`,
  });
}

function report(
  reading: Reading,
  offset: number,
  { code, message, path = '' }: { code: string; message: string; path?: string },
): void {
  reading.problems.push({ code, severity: 'error', message, path, ...reading.find(offset) });
}

function readDocument(reading: Reading, { start, end }: DocumentText): void {
  const { roots, failure } = parseDocument(reading.text, start, end);
  const template = failure === undefined ? undefined : findTemplate(reading.text, start, end);
  if (failure !== undefined) report(reading, template?.offset ?? failure.offset, template ?? failure);
  for (const root of roots) {
    const before = reading.problems.length;
    readRoot(reading, root);
    if (reading.problems[before]?.code === 'helm-template') return;
  }
}

function readRoot(reading: Reading, root: SourceNode): void {
  const { value, failure, duplicates } = toPlainValue(root);
  if (failure !== undefined) {
    const template = failure.code === 'bad-key' ? findTemplate(reading.text, root.start, root.end) : undefined;
    report(reading, template?.offset ?? failure.offset, template ?? failure);
  } else if (isObject(value)) {
    readObject(reading, root, value, duplicates);
  } else if (value !== null && !isJsonPatch(value)) {
    const what = isArray(value) ? 'a list' : 'a single value';
    report(reading, root.start, {
      code: 'not-an-object',
      message: `A manifest is a map with \`apiVersion\` and \`kind\`, but this document is ${what}`,
    });
  }
}

function readObject(reading: Reading, node: SourceNode, object: JsonObject, duplicates: readonly Flaw[]): void {
  const kind = textOf(object['kind']);
  const items = object['items'];
  if (isListKind(kind, object) && isArray(items)) {
    readItems(reading, { node, object, items, duplicates });
  } else if (!isKustomization(object)) {
    addManifest(reading, node, object, duplicates);
  }
}

function isListKind(kind: string, object: JsonObject): boolean {
  return kind === 'List' || (kind.endsWith('List') && object['spec'] === undefined);
}

interface ListParts {
  readonly node: SourceNode;
  readonly object: JsonObject;
  readonly items: readonly JsonValue[];
  readonly duplicates: readonly Flaw[];
}

function readItems(reading: Reading, { node, object, items, duplicates }: ListParts): void {
  const kind = textOf(object['kind']);
  const typed = kind === 'List' ? undefined : { apiVersion: textOf(object['apiVersion']), kind: kind.slice(0, -4) };
  const flaws = groupByItem(duplicates);
  items.forEach((item, index) => {
    const itemNode = locate(node, ['items', index]).node;
    const own = flaws.get(index) ?? [];
    if (isObject(item)) readObject(reading, itemNode, typed === undefined ? item : withType(item, typed), own);
    else reportItem(reading, itemNode, index);
  });
}

function reportItem(reading: Reading, node: SourceNode, index: number): void {
  const message = 'An item of a list must be an object';
  report(reading, node.start, { code: 'not-an-object', message, path: joinPath(['items', index]) });
}

/** The flaws of each item, with paths inside the item. */
function groupByItem(flaws: readonly Flaw[]): ReadonlyMap<number, readonly Flaw[]> {
  const groups = new Map<number, Flaw[]>();
  for (const flaw of flaws) {
    const match = /^items\[(\d+)\]\.?/.exec(flaw.path);
    if (match === null) continue;
    const index = Number(match[1]);
    const group = groups.get(index) ?? [];
    group.push({ ...flaw, path: flaw.path.slice(match[0].length) });
    groups.set(index, group);
  }
  return groups;
}

function withType(item: JsonObject, type: { apiVersion: string; kind: string }): JsonObject {
  return Object.assign(emptyObject(), { ...type }, item);
}

function addManifest(reading: Reading, node: SourceNode, object: JsonObject, duplicates: readonly Flaw[]): void {
  const { text, find } = reading;
  const metadata = isObject(object['metadata']) ? object['metadata'] : undefined;
  const apiVersion = textOf(object['apiVersion']);
  const kind = textOf(object['kind']);
  if (!reportUntyped(reading, node, object)) return;
  const keys: KeyIndex = new Map();
  reading.manifests.push({
    ...(reading.file === undefined ? {} : { file: reading.file }),
    text,
    apiVersion,
    kind,
    name: textOf(metadata?.['name']),
    namespace: textOf(metadata?.['namespace']),
    object,
    node,
    range: [node.outerStart, node.end],
    duplicates: duplicates.map(({ code, message, path, offset }) => ({
      code,
      severity: 'error',
      refusedBy: 'api-server',
      message,
      path,
      ...find(offset),
    })),
    nodeAt: (path) => {
      const parts = typeof path === 'string' ? splitPath(path) : path;
      const found = locate(node, parts, keys);
      return found.depth === parts.length ? found.node : undefined;
    },
    place: (path) => find(pointAt(locate(node, typeof path === 'string' ? splitPath(path) : path, keys))),
  });
}

/** Whether the object says what it is; a values file or the like is passed over, a policy without its kind is not. */
function reportUntyped(reading: Reading, node: SourceNode, object: JsonObject): boolean {
  const patch = findPatchDirective(object);
  if (patch !== undefined) {
    const offset = pointAt(locate(node, patch));
    const message =
      '`$patch` belongs to a kustomize patch, which is not a manifest: check the output of `kustomize build` instead';
    report(reading, offset, { code: 'kustomize-patch', message, path: joinPath(patch) });
    return false;
  }
  if (textOf(object['kind']) !== '' && textOf(object['apiVersion']) !== '') return true;
  if (!('kind' in object) && !('apiVersion' in object) && !('spec' in object) && !('specs' in object)) return false;
  const missing = textOf(object['kind']) === '' ? 'kind' : 'apiVersion';
  const message = `\`${missing}\` is missing or not text, so nobody can tell what this object is: add it`;
  report(reading, node.outerStart, { code: 'no-type', message, path: missing });
  return false;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
