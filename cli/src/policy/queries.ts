import { readFile } from 'node:fs/promises';
import type { Endpoint, EngineOptions, Flow } from '@bartizan/policy';
import { CommandError } from '../command.ts';
import type { Io } from '../command.ts';

/** What `policy evaluate --queries` reads. */
export interface QueryDocument {
  readonly cluster?: string;
  readonly options: EngineOptions;
  readonly endpoints: readonly Endpoint[];
  readonly queries: readonly Query[];
}

export type Query = Flow & { readonly from: string; readonly to: string };

export async function readQueries(path: string, io: Pick<Io, 'stdin'>): Promise<QueryDocument> {
  const text = path === '-' ? await readStdin(io.stdin) : await readText(path);
  const document = parse(text, path);
  const endpoints = listOf(document, 'endpoints', path);
  const queries = listOf(document, 'queries', path);
  for (const [index, endpoint] of endpoints.entries()) checkEndpoint(endpoint, `${path}: endpoints[${index}]`);
  for (const [index, query] of queries.entries()) {
    if (isRecord(query) && typeof query['from'] === 'string' && typeof query['to'] === 'string') continue;
    throw new CommandError(`${path}: queries[${index}] needs "from" and "to", each the id of an endpoint.`);
  }
  checkIds(endpoints, path);
  const options = document['options'];
  const cluster = document['cluster'];
  // Each endpoint and query was looked at above; what else they hold is read as it is.
  return {
    options: isRecord(options) ? (options as EngineOptions) : {},
    endpoints: endpoints as Endpoint[],
    queries: queries as Query[],
    ...(typeof cluster === 'string' && cluster !== '' ? { cluster } : {}),
  };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`the queries cannot be read: ${reason}`);
  }
}

async function readStdin(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  const document = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new CommandError(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  })();
  if (isRecord(document)) return document;
  throw new CommandError(`${path} should hold one object with "endpoints" and "queries".`);
}

function listOf(document: Readonly<Record<string, unknown>>, name: string, path: string): readonly unknown[] {
  const list = document[name];
  if (Array.isArray(list)) return list;
  throw new CommandError(`${path}: "${name}" should be a list.`);
}

function checkEndpoint(endpoint: unknown, where: string): void {
  if (!isRecord(endpoint) || typeof endpoint['id'] !== 'string') throw new CommandError(`${where} needs an "id".`);
  for (const name of ['namespace', 'serviceAccount', 'ip', 'cidr', 'entity', 'cluster']) {
    const value = endpoint[name];
    if (value !== undefined && typeof value !== 'string')
      throw new CommandError(`${where}: "${name}" should be a string.`);
  }
  for (const name of ['labels', 'namespaceLabels']) {
    const value = endpoint[name] ?? {};
    if (isRecord(value) && Object.values(value).every((label) => typeof label === 'string')) continue;
    throw new CommandError(`${where}: "${name}" should map label keys to strings.`);
  }
  for (const name of ['ports', 'names']) {
    if (!Array.isArray(endpoint[name] ?? [])) throw new CommandError(`${where}: "${name}" should be a list.`);
  }
}

function checkIds(endpoints: readonly unknown[], path: string): void {
  const seen = new Set<unknown>();
  for (const endpoint of endpoints) {
    const id = isRecord(endpoint) ? endpoint['id'] : undefined;
    if (seen.has(id)) throw new CommandError(`${path}: two endpoints have the id "${String(id)}".`);
    seen.add(id);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
