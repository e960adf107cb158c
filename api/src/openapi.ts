import { z } from 'zod';
import { contract } from './contract.ts';
import { ProblemDetails } from './problem-details.ts';
import { routes } from './routes.ts';
import type { RouteName } from './routes.ts';

type JsonObject = Record<string, unknown>;

/** The OpenAPI 3.1 document, made from the same schemas that the server checks with. */
export function openApiDocument(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const { method, path } = routes[name];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Bartizan', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
  };
}

interface Entry {
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  readonly status?: number;
}

function operation(name: RouteName): JsonObject {
  const entry: Entry = contract[name];
  return {
    operationId: name,
    summary: entry.summary,
    parameters: [...parameters(entry.params, 'path'), ...parameters(entry.query, 'query')],
    ...(entry.body
      ? {
          requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(entry.body, 'input') } } },
        }
      : {}),
    responses: {
      [entry.status ?? 200]: {
        description: 'OK',
        content: { 'application/json': { schema: jsonSchema(entry.response, 'output') } },
      },
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: jsonSchema(ProblemDetails, 'output') } },
      },
    },
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): JsonObject[] {
  if (!schema) return [];
  const object = jsonSchema(schema, 'input');
  const required = new Set((object['required'] as string[] | undefined) ?? []);
  return Object.entries((object['properties'] as Record<string, JsonObject> | undefined) ?? {}).map(
    ([name, property]) => ({
      name,
      in: place,
      required: place === 'path' || required.has(name),
      schema: property,
    }),
  );
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}
