import { endKey, policyPort } from '@bartizan/flow';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { appendAll } from './append-all.ts';
import { lineOf, linesOf, nextOf, valuesOf } from './columns.ts';
import { protocols } from './connections-tables.ts';

/** An edge of the table; its number is known once the batch that it came with is written. */
export interface EdgeRef {
  id: number;
}

export interface NewEdge {
  readonly source: string;
  readonly record: FlowRecord;
  readonly edge: EdgeRef;
}

/** Numbers for what policies can tell apart: ends by their labels or address, edges by their ends and port. */
export interface ConnectionDictionary {
  number(connection: DuckDBConnection, edges: readonly NewEdge[]): Promise<void>;
  /** What was numbered in a transaction that failed is not there. */
  forget(): void;
}

const mostRemembered = 100_000;

const edgeColumns = ['source_end', 'destination_end', 'protocol', 'port'];
const askedEdges = edgeColumns.map((name, at) => `${valuesOf(at + 1, 'INTEGER')} AS ${name}`).join(', ');

export function createDictionary(): ConnectionDictionary {
  const ends = new Map<string, number>();
  const edges = new Map<string, number>();

  async function numberEnds(connection: DuckDBConnection, asked: readonly NewEdge[]): Promise<void> {
    const unknown = new Map<string, { readonly source: string; readonly end: FlowEndpoint }>();
    for (const { source, record } of asked)
      for (const end of [record.source, record.destination]) {
        const key = keyOfEnd(source, end);
        if (!ends.has(key)) unknown.set(key, { source, end });
      }
    if (unknown.size === 0) return;
    const found = await connection.runAndReadAll(
      `SELECT key, id FROM connection_ends WHERE key IN (SELECT ${valuesOf(1, 'VARCHAR')})`,
      [linesOf(unknown.keys())],
    );
    for (const [key, id] of found.getRows()) {
      ends.set(String(key), Number(id));
      unknown.delete(String(key));
    }
    let next = await nextOf(connection, 'connection_ends');
    await appendAll(connection, 'connection_ends', unknown, (appender, [key, { source, end }]) => {
      ends.set(key, next);
      appender.appendInteger(next);
      appender.appendVarchar(source);
      appender.appendVarchar(key);
      if (end.namespace === null) appender.appendNull();
      else appender.appendVarchar(end.namespace);
      appender.appendVarchar(JSON.stringify(withoutInstance(end)));
      next += 1;
    });
  }

  async function numberEdges(connection: DuckDBConnection, asked: readonly NewEdge[]): Promise<void> {
    const unknown = new Map<string, readonly number[]>();
    const keys = asked.map(({ source, record }) => {
      const parts = partsOf(ends, source, record);
      const key = parts.join(' ');
      if (!edges.has(key)) unknown.set(key, parts);
      return key;
    });
    if (unknown.size > 0) {
      const put = (appender: DuckDBAppender, [from = 0, to = 0, protocol = 0, port = 0]: readonly number[]): void => {
        appender.appendInteger(from);
        appender.appendInteger(to);
        appender.appendUTinyInt(protocol);
        appender.appendInteger(port);
      };
      const wanted = [...unknown.values()];
      const found = await connection.runAndReadAll(
        `SELECT ${edgeColumns.join(', ')}, id FROM connection_edges SEMI JOIN (SELECT ${askedEdges}) USING (${edgeColumns.join(', ')})`,
        edgeColumns.map((_, at) => linesOf(wanted.map((parts) => parts[at] ?? 0))),
      );
      for (const row of found.getRows()) {
        const key = row.slice(0, 4).join(' ');
        edges.set(key, Number(row[4]));
        unknown.delete(key);
      }
      let next = await nextOf(connection, 'connection_edges');
      await appendAll(connection, 'connection_edges', unknown, (appender, [key, parts]) => {
        edges.set(key, next);
        appender.appendInteger(next);
        put(appender, parts);
        next += 1;
      });
    }
    for (const [place, key] of keys.entries()) {
      const edge = asked[place]?.edge;
      if (edge) edge.id = edges.get(key) ?? 0;
    }
  }

  function forget(): void {
    ends.clear();
    edges.clear();
  }

  return {
    async number(connection, asked) {
      if (asked.length === 0) return;
      if (ends.size + edges.size > mostRemembered) forget();
      await numberEnds(connection, asked);
      await numberEdges(connection, asked);
    },
    forget,
  };
}

/** Namespaces of different clusters may have the same name. */
function keyOfEnd(source: string, end: FlowEndpoint): string {
  return lineOf(`${source} ${endKey(end)}`);
}

function partsOf(ends: ReadonlyMap<string, number>, source: string, record: FlowRecord): readonly number[] {
  const from = ends.get(keyOfEnd(source, record.source)) ?? 0;
  const to = ends.get(keyOfEnd(source, record.destination)) ?? 0;
  return [from, to, protocols.indexOf(record.protocol), policyPort(record) ?? -1];
}

/** What one pod has and its likes have not. */
function withoutInstance(end: FlowEndpoint): FlowEndpoint {
  return { ...end, pod: null, identity: null, port: null, ip: end.entity === null ? null : end.ip };
}
