import { Readable } from 'node:stream';
import type { FlowRecord } from '@bartizan/flow';
import type { TransactionRow } from '@bartizan/waf';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Paged } from '@bartizan/backends';
import type { Deps } from '../deps.ts';
import { badRequest, notFound } from '../http/problem.ts';
import { csvLine } from '../views/csv.ts';
import { readFlowQuery } from './flows.ts';
import { readWafQuery } from './waf.ts';

const pageSize = 1000;

type Asked = Parameters<typeof readWafQuery>[2];

const transactionColumns: readonly [string, (row: TransactionRow) => unknown][] = [
  ['time', (row) => row.time],
  ['class', (row) => row.class],
  ['reason', (row) => row.reason],
  ['score', (row) => row.score],
  ['client', (row) => row.client],
  ['method', (row) => row.method],
  ['host', (row) => row.host],
  ['path', (row) => row.path],
  ['status', (row) => row.status],
  ['namespace', (row) => row.namespace],
  ['categories', (row) => row.categories.join(' ')],
  ['rules', (row) => row.rules.map((rule) => rule.id).join(' ')],
  ['id', (row) => row.id],
];

const flowColumns: readonly [string, (flow: FlowRecord) => unknown][] = [
  ['time', (flow) => flow.time],
  ['verdict', (flow) => flow.verdict],
  ['type', (flow) => flow.type],
  ['subtype', (flow) => flow.subtype],
  ['direction', (flow) => flow.direction],
  ['sourceNamespace', (flow) => flow.source.namespace],
  ['source', (flow) => flow.source.pod ?? flow.source.ip],
  ['destinationNamespace', (flow) => flow.destination.namespace],
  ['destination', (flow) => flow.destination.pod ?? flow.destination.ip],
  ['protocol', (flow) => flow.protocol],
  ['port', (flow) => flow.destination.port],
  ['dropReason', (flow) => flow.dropReason],
  ['id', (flow) => flow.id],
];

/** The whole filtered set, streamed page by page: as many records as the list gives for the same filter. */
export function registerExports(app: FastifyInstance, deps: Deps): void {
  app.get('/api/v1/environments/:env/waf/export', async (request, reply) => {
    const { env, format, asked } = readExport(request);
    const { query } = readWafQuery(deps, env, asked);
    const reader = deps.transactions;
    if (!reader) throw notFound('No firewall log is configured.', 'no-source');
    return send({
      reply,
      format,
      name: 'transactions',
      columns: transactionColumns,
      page: (cursor) => reader.list(query, { limit: pageSize, cursor }),
    });
  });
  app.get('/api/v1/environments/:env/flows/export', async (request, reply) => {
    const { env, format, asked } = readExport(request);
    const { query } = readFlowQuery(deps, env, asked);
    const reader = deps.flows;
    if (!reader) throw notFound('No source of flows is configured.', 'no-source');
    return send({
      reply,
      format,
      name: 'flows',
      columns: flowColumns,
      page: (cursor) => reader.list(query, { limit: pageSize, cursor }),
    });
  });
}

function readExport(request: { params: unknown; query: unknown }): {
  env: string;
  format: 'csv' | 'ndjson';
  asked: Asked;
} {
  const { env } = request.params as { env: string };
  const { format = 'ndjson', ...asked } = request.query as Record<string, string>;
  if (format !== 'csv' && format !== 'ndjson')
    throw badRequest(`format is csv or ndjson, not "${format}".`, 'bad-format');
  const unknown = Object.keys(asked).find((key) => !['from', 'to', 'range', 'filter'].includes(key));
  if (unknown !== undefined)
    throw badRequest(
      `There is no parameter "${unknown}". The parameters are: format, from, to, range, filter.`,
      'unknown-parameter',
    );
  return { env, format, asked };
}

async function send<T>(options: {
  readonly reply: FastifyReply;
  readonly format: 'csv' | 'ndjson';
  readonly name: string;
  readonly columns: readonly [string, (row: T) => unknown][];
  readonly page: (cursor: string | undefined) => Promise<Paged<T>>;
}): Promise<FastifyReply> {
  const { reply, format, name } = options;
  const type = format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8';
  return reply
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .type(type)
    .send(Readable.from(lines(options)));
}

async function* lines<T>({ format, columns, page }: Parameters<typeof send<T>>[0]): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns.map(([name]) => name));
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page(cursor);
    yield items
      .map((row) => (format === 'csv' ? csvLine(columns.map(([, read]) => read(row))) : `${JSON.stringify(row)}\n`))
      .join('');
    cursor = nextCursor;
  } while (cursor !== undefined);
}
