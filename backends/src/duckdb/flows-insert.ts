import { peerName } from '@bartizan/flow';
import type { FlowEndpoint } from '@bartizan/flow';
import type { DuckDBConnection } from '@duckdb/node-api';
import { lineOf, linesOf, valuesOf } from './columns.ts';
import type { EndRef } from './flows-ends.ts';
import { restOf } from './flows-rest.ts';
import { namesOf, networkOfEnd, rowPortOf } from './flows-row.ts';
import type { TimedFlow } from './flows-row.ts';

/** A row of `flows`. */
export interface FlowRow extends TimedFlow {
  readonly arrival: bigint;
  readonly source: EndRef;
  readonly destination: EndRef;
}

interface Column {
  readonly name: string;
  readonly type?: 'BIGINT' | 'INTEGER';
  /** What the statement makes of it; itself unless given. */
  readonly as?: string;
  of(row: FlowRow): string | number | bigint;
}

const unitSeparator = '\u001F';
const noPort = -1;

const columns: readonly Column[] = [
  { name: 'arrival', type: 'BIGINT', of: ({ arrival }) => arrival },
  { name: 'nanos', type: 'BIGINT', of: ({ at }) => at },
  { name: 'id', of: ({ flow }) => lineOf(flow.id) },
  { name: 'verdict', of: ({ flow }) => flow.verdict },
  { name: 'type', of: ({ flow }) => flow.type },
  { name: 'subtype', of: ({ flow }) => flow.subtype },
  { name: 'direction', of: ({ flow }) => flow.direction },
  { name: 'reply', of: ({ flow }) => (flow.isReply === null ? 'unknown' : String(flow.isReply)) },
  orNull('node', ({ flow }) => lineOf(flow.node ?? '')),
  orNull('source_namespace', ({ source }) => source.namespace),
  orNull('destination_namespace', ({ destination }) => destination.namespace),
  { name: 'source_name', of: ({ source, flow }) => source.name ?? lineOf(peerName(flow.source)) },
  { name: 'destination_name', of: ({ destination, flow }) => destination.name ?? lineOf(peerName(flow.destination)) },
  orNull('source_network', ({ source, flow }) => networkOfRef(source, flow.source)),
  orNull('destination_network', ({ destination, flow }) => networkOfRef(destination, flow.destination)),
  { name: 'port', type: 'INTEGER', as: `nullif(port, ${noPort})`, of: ({ flow }) => rowPortOf(flow) ?? noPort },
  { name: 'protocol', of: ({ flow }) => flow.protocol },
  orNull('reason', ({ flow }) => lineOf(flow.dropReason ?? '')),
  {
    name: 'names',
    as: "CASE names WHEN '' THEN [] ELSE string_split(names, chr(31)) END",
    of: ({ flow }) => namesOf(flow).map(lineOf).join(unitSeparator),
  },
  { name: 'detail', of: ({ flow, isTold }) => restOf(flow, { isTold }) },
  { name: 'source_end', type: 'INTEGER', of: ({ source }) => source.id },
  { name: 'destination_end', type: 'INTEGER', of: ({ destination }) => destination.id },
];

const names = columns.map(({ name }) => name).join(', ');
const insert = `INSERT INTO flows (source, ${names})
  SELECT $${columns.length + 1}, ${columns.map(({ name, as }) => as ?? name).join(', ')}
  FROM (SELECT ${columns.map(({ name, type }, at) => `${valuesOf(at + 1, type ?? 'VARCHAR')} AS ${name}`).join(', ')})`;

export async function insertFlows(
  connection: DuckDBConnection,
  source: string,
  rows: readonly FlowRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await connection.run(insert, [...columns.map(({ of }) => linesOf(rows.map(of))), source]);
}

function orNull(name: string, of: Column['of']): Column {
  return { name, as: `nullif(${name}, '')`, of };
}

function networkOfRef({ name }: EndRef, end: FlowEndpoint): string {
  return name === null ? lineOf(networkOfEnd(end) ?? '') : '';
}
