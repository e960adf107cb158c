import { dnsName, networkOf, peerName } from '@bartizan/flow';
import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';

/**
 * `flows` has recent events whole, in the order of their arrival. What is rolled up (`flows-roll.ts`) is counted in `flow_hours`
 * by its kind: all that events of one hour have in common; half days (UTC) have the sums of their hours. An address outside is then
 * known by its name or its network. `detail` has the rest of an event (`flows-rest.ts`); where it names no ends in `flow_ends`, as
 * in older files, all of it.
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
  detail VARCHAR NOT NULL USING COMPRESSION zstd,
  source_end INTEGER,
  destination_end INTEGER
);
ALTER TABLE flows ADD COLUMN IF NOT EXISTS source_end INTEGER;
ALTER TABLE flows ADD COLUMN IF NOT EXISTS destination_end INTEGER;
CREATE TABLE IF NOT EXISTS flow_ends (id INTEGER NOT NULL, detail VARCHAR NOT NULL);
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
CREATE TABLE IF NOT EXISTS flow_half_days (
  half_day INTEGER NOT NULL, kind INTEGER NOT NULL, count BIGINT NOT NULL, first_ms BIGINT NOT NULL, last_ms BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS flow_marks (name VARCHAR PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS flow_gaps (source VARCHAR NOT NULL, reason VARCHAR NOT NULL, from_ms BIGINT NOT NULL, to_ms BIGINT, is_hole BOOLEAN NOT NULL);
`;

/** An event, and when it was: in nanoseconds since 1970, and whether they tell the time as the event wrote it. */
export interface TimedFlow {
  readonly flow: FlowRecord;
  readonly at: bigint;
  readonly isTold: boolean;
}

/** A reply goes to the port that its connection was opened from, which says nothing. */
export function rowPortOf({ isReply, destination }: FlowRecord): number | null {
  return isReply === true ? null : destination.port;
}

/** Where an end is called by its address. */
export function networkOfEnd(end: FlowEndpoint): string | null {
  return end.ip !== null && peerName(end) === end.ip ? networkOf(end.ip) : null;
}

/** Reads times one after another, most of them of the same second; what has no time gets that of its arrival. */
export function createTimes(): (flow: FlowRecord, nowMs: number) => TimedFlow {
  let second = '';
  let base = 0n;

  return (flow, nowMs) => {
    const { time } = flow;
    if (second === '' || !time.startsWith(second)) {
      const ms = Date.parse(`${time.slice(0, 19)}Z`);
      if (Number.isNaN(ms)) return { flow, at: BigInt(Math.round(nowMs)) * 1_000_000n, isTold: false };
      second = time.slice(0, 19);
      base = BigInt(ms) * 1_000_000n;
    }
    const digits = time.slice(20, -1);
    return { flow, at: base + BigInt(digits.padEnd(9, '0')), isTold: isUsual(time) };
  };
}

/** As `timeOf` writes it. */
function isUsual(time: string): boolean {
  if (!time.endsWith('Z')) return false;
  if (time.length === 20) return true;
  return [24, 27, 30].includes(time.length) && time[19] === '.' && !time.endsWith('000Z');
}

/** Of both ends, and what a DNS request asked for. */
export function namesOf(flow: FlowRecord): readonly string[] {
  const asked = flow.l7?.dns?.query;
  const all = [...flow.source.names, ...flow.destination.names, ...(asked === undefined ? [] : [dnsName(asked)])];
  return [...new Set(all.filter((name) => name !== ''))];
}
