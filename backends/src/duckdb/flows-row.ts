import { peerName } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { LIST, VARCHAR } from '@duckdb/node-api';
import type { DuckDBAppender } from '@duckdb/node-api';

export const createTables = `
CREATE TABLE IF NOT EXISTS flows (
  nanos BIGINT NOT NULL,
  id VARCHAR NOT NULL,
  source VARCHAR NOT NULL,
  verdict VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  subtype VARCHAR NOT NULL,
  direction VARCHAR NOT NULL,
  reply VARCHAR NOT NULL,
  node VARCHAR,
  source_namespace VARCHAR,
  destination_namespace VARCHAR,
  source_name VARCHAR NOT NULL,
  destination_name VARCHAR NOT NULL,
  port INTEGER,
  protocol VARCHAR NOT NULL,
  reason VARCHAR,
  names VARCHAR[] NOT NULL,
  detail VARCHAR NOT NULL USING COMPRESSION zstd
);
CREATE TABLE IF NOT EXISTS flow_gaps (source VARCHAR NOT NULL, reason VARCHAR NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT, is_hole BOOLEAN NOT NULL);
`;

/** Rows arrive here first, so that those which are there already can be left out in one statement. */
export const createIncoming = 'CREATE TEMP TABLE IF NOT EXISTS flows_incoming AS FROM flows LIMIT 0';

export function appendRow(
  appender: DuckDBAppender,
  flow: FlowRecord,
  { source, at }: { source: string; at: bigint },
): void {
  appender.appendBigInt(at);
  appender.appendVarchar(flow.id);
  appender.appendVarchar(source);
  appender.appendVarchar(flow.verdict);
  appender.appendVarchar(flow.type);
  appender.appendVarchar(flow.subtype);
  appender.appendVarchar(flow.direction);
  appender.appendVarchar(flow.isReply === null ? 'unknown' : String(flow.isReply));
  appendText(appender, flow.node);
  appendText(appender, flow.source.namespace);
  appendText(appender, flow.destination.namespace);
  appender.appendVarchar(peerName(flow.source));
  appender.appendVarchar(peerName(flow.destination));
  if (flow.destination.port === null) appender.appendNull();
  else appender.appendInteger(flow.destination.port);
  appender.appendVarchar(flow.protocol);
  appendText(appender, flow.dropReason);
  appender.appendList(namesOf(flow), LIST(VARCHAR));
  appender.appendVarchar(JSON.stringify(flow));
  appender.endRow();
}

/** Nanoseconds since 1970; what has no time gets that of its arrival. */
export function atOf(time: string, nowMs: number): bigint {
  const seconds = Date.parse(`${time.slice(0, 19)}Z`);
  if (Number.isNaN(seconds)) return BigInt(Math.round(nowMs)) * 1_000_000n;
  const digits = /\.(\d{1,9})/.exec(time)?.[1] ?? '';
  return BigInt(seconds) * 1_000_000n + BigInt(digits.padEnd(9, '0'));
}

function appendText(appender: DuckDBAppender, text: string | null): void {
  if (text === null) appender.appendNull();
  else appender.appendVarchar(text);
}

/** Of both ends, and what a DNS request asked for; a trailing dot is not part of a name. */
export function namesOf(flow: FlowRecord): readonly string[] {
  const asked = flow.l7?.dns?.query;
  const all = [...flow.source.names, ...flow.destination.names, ...(asked === undefined ? [] : [asked])];
  return [...new Set(all.map((name) => name.replace(/\.$/, '')).filter((name) => name !== ''))];
}
