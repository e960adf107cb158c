import type { DuckDBConnection } from '@duckdb/node-api';
import { linesOf, valuesOf } from './columns.ts';
import { appendAll } from './append-all.ts';
import type { ArrivedFlow } from './connections-log.ts';

/** Which nodes tell their policy verdicts, by the hour: where they do, drops say the same once more. */
export interface Nodes {
  /** The rows with the numbers of their nodes; nodes without a name are one. */
  number(
    connection: DuckDBConnection,
    source: string,
    rows: readonly ArrivedFlow[],
  ): Promise<readonly { readonly row: ArrivedFlow; readonly node: number }[]>;
  forget(): void;
}

const nanosPerHour = 3_600_000_000_000n;

export function createNodes(): Nodes {
  let known: Map<string, number> | null = null;
  /** Those of the hours that events are coming from. */
  let told = new Set<string>();

  async function readNodes(connection: DuckDBConnection): Promise<Map<string, number>> {
    const found = await connection.runAndReadAll('SELECT source, name, id FROM connection_nodes');
    return new Map(found.getRows().map(([source, name, id]) => [keyOf(String(source), String(name)), Number(id)]));
  }

  return {
    async number(connection, source, rows) {
      const nodes = (known ??= await readNodes(connection));
      const added: { readonly id: number; readonly name: string }[] = [];
      const hours = new Map<string, { readonly hour: number; readonly node: number }>();
      const numbered = rows.map((row) => {
        const name = row.flow.node ?? '';
        const key = keyOf(source, name);
        const node = nodes.get(key) ?? nodes.size + 1;
        if (!nodes.has(key)) added.push({ id: node, name });
        nodes.set(key, node);
        const hour = Number(row.at / nanosPerHour);
        if (row.flow.type === 'PolicyVerdict' && !told.has(`${hour} ${node}`))
          hours.set(`${hour} ${node}`, { hour, node });
        return { row, node };
      });
      if (added.length > 0)
        await appendAll(connection, 'connection_nodes', added, (appender, { id, name }) => {
          appender.appendInteger(id);
          appender.appendVarchar(source);
          appender.appendVarchar(name);
        });
      if (told.size > 10_000) told = new Set();
      if (hours.size > 0) {
        const begun = [...hours.values()];
        await connection.run(
          `INSERT INTO connection_node_hours FROM (SELECT ${valuesOf(1, 'INTEGER')} AS hour, ${valuesOf(2, 'INTEGER')} AS node)
           ANTI JOIN connection_node_hours USING (hour, node)`,
          [linesOf(begun.map(({ hour }) => hour)), linesOf(begun.map(({ node }) => node))],
        );
      }
      for (const key of hours.keys()) told.add(key);
      return numbered;
    },
    forget() {
      known = null;
      told = new Set();
    },
  };
}

function keyOf(source: string, name: string): string {
  return `${source} ${name}`;
}
