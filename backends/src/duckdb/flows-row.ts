import { dnsName, namespaceHere, networkOf, peerName } from '@bartizan/flow';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import { LIST, VARCHAR } from '@duckdb/node-api';
import type { DuckDBAppender } from '@duckdb/node-api';

/**
 * `flows` has recent events whole, in the order of their arrival. What is rolled up (`flows-roll.ts`) is counted in `flow_hours`
 * by its kind: all that events of one hour have in common. An address outside is then known by its name or its network.
 */
export const createTables = `
CREATE TABLE IF NOT EXISTS flows (
  arrival BIGINT NOT NULL,
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
  source_network VARCHAR,
  destination_network VARCHAR,
  port INTEGER,
  protocol VARCHAR NOT NULL,
  reason VARCHAR,
  names VARCHAR[] NOT NULL,
  detail VARCHAR NOT NULL USING COMPRESSION zstd
);
CREATE TABLE IF NOT EXISTS flow_kinds (
  id INTEGER NOT NULL,
  source VARCHAR NOT NULL,
  verdict VARCHAR NOT NULL,
  type VARCHAR NOT NULL,
  subtype VARCHAR NOT NULL,
  direction VARCHAR NOT NULL,
  reply VARCHAR NOT NULL,
  source_namespace VARCHAR,
  destination_namespace VARCHAR,
  source_name VARCHAR NOT NULL,
  destination_name VARCHAR NOT NULL,
  source_is_network BOOLEAN NOT NULL,
  destination_is_network BOOLEAN NOT NULL,
  port INTEGER,
  protocol VARCHAR NOT NULL,
  reason VARCHAR,
  names VARCHAR[] NOT NULL
);
CREATE TABLE IF NOT EXISTS flow_hours (
  hour INTEGER NOT NULL, kind INTEGER NOT NULL, count BIGINT NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS flow_marks (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS flow_gaps (source VARCHAR NOT NULL, reason VARCHAR NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT, is_hole BOOLEAN NOT NULL);
`;

export const createArrived = 'CREATE TEMP TABLE IF NOT EXISTS flows_arrived (place INTEGER, nanos BIGINT, id VARCHAR)';

/** The columns in the order of the table. */
export function appendRow(
  appender: DuckDBAppender,
  { flow, at, arrival }: { readonly flow: FlowRecord; readonly at: bigint; readonly arrival: bigint },
  source: string,
): void {
  appender.appendBigInt(arrival);
  appender.appendBigInt(at);
  appender.appendVarchar(flow.id);
  appender.appendVarchar(source);
  appender.appendVarchar(flow.verdict);
  appender.appendVarchar(flow.type);
  appender.appendVarchar(flow.subtype);
  appender.appendVarchar(flow.direction);
  appender.appendVarchar(flow.isReply === null ? 'unknown' : String(flow.isReply));
  appendText(appender, flow.node);
  appendText(appender, namespaceHere(flow.source));
  appendText(appender, namespaceHere(flow.destination));
  appender.appendVarchar(peerName(flow.source));
  appender.appendVarchar(peerName(flow.destination));
  appendText(appender, networkOfEnd(flow.source));
  appendText(appender, networkOfEnd(flow.destination));
  const port = portOf(flow);
  if (port === null) appender.appendNull();
  else appender.appendInteger(port);
  appender.appendVarchar(flow.protocol);
  appendText(appender, flow.dropReason);
  appender.appendList(namesOf(flow), LIST(VARCHAR));
  appender.appendVarchar(JSON.stringify(flow));
}

/** A reply goes to the port that its connection was opened from, which says nothing. */
function portOf({ isReply, destination }: FlowRecord): number | null {
  return isReply === true ? null : destination.port;
}

/** Where an end is called by its address. */
function networkOfEnd(end: FlowEndpoint): string | null {
  return end.ip !== null && peerName(end) === end.ip ? networkOf(end.ip) : null;
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

/** Of both ends, and what a DNS request asked for. */
export function namesOf(flow: FlowRecord): readonly string[] {
  const asked = flow.l7?.dns?.query;
  const all = [...flow.source.names, ...flow.destination.names, ...(asked === undefined ? [] : [dnsName(asked)])];
  return [...new Set(all.filter((name) => name !== ''))];
}
