import { FlowProtocol } from '@bartizan/flow';
import type { ReportedOutcome } from '@bartizan/flow';

/** Order of the numbers that stand for outcomes: what is unknown is told apart by why. */
export const outcomes = ['forwarded', 'dropped', 'audit', 'awaited-authentication', 'strange-verdict'] as const;
export const firstUnknown = 3;
export const unknownBecause = [
  'it waited for authentication when it was recorded',
  'its recorded verdict says neither forwarded nor dropped',
] as const;

/** Order of the numbers that stand for protocols. */
export const protocols = FlowProtocol.options;

export const directions = ['unknown', 'ingress', 'egress'] as const;

export function reportedOutcome(outcome: number): ReportedOutcome {
  const name = outcomes[outcome];
  return name === 'forwarded' || name === 'dropped' || name === 'audit' ? name : 'unknown';
}

/**
 * Connections are counted as their events are stored. `connections` has what each event changed: a first half adds one, a second half
 * that became something worse moves it; `began` is the time of the first half, by which both belong to one window, and `tuple`
 * says which halves belong together. Drops stand in where the verdict events of their `node` are switched off; 0 is no node.
 * What is rolled up (`flows-roll.ts`) is added to the counts of its hour, and with the last of its hours to those of its day (UTC).
 */
export const createConnectionTables = `
CREATE TABLE IF NOT EXISTS connections (
  arrival BIGINT NOT NULL, nanos BIGINT NOT NULL, began BIGINT NOT NULL, tuple UBIGINT NOT NULL,
  direction UTINYINT NOT NULL, outcome UTINYINT NOT NULL, edge INTEGER NOT NULL, node INTEGER NOT NULL,
  added UTINYINT, removed UTINYINT, count INTEGER NOT NULL, id VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS connection_hours (
  hour INTEGER NOT NULL, edge INTEGER NOT NULL, outcome UTINYINT NOT NULL, node INTEGER NOT NULL,
  count BIGINT NOT NULL, first_ms BIGINT, last_ms BIGINT
);
CREATE TABLE IF NOT EXISTS connection_days (
  day INTEGER NOT NULL, edge INTEGER NOT NULL, outcome UTINYINT NOT NULL, node INTEGER NOT NULL,
  count BIGINT NOT NULL, first_ms BIGINT, last_ms BIGINT
);
CREATE TABLE IF NOT EXISTS connection_edges (
  id INTEGER NOT NULL, source_end INTEGER NOT NULL, destination_end INTEGER NOT NULL,
  protocol UTINYINT NOT NULL, port INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS connection_ends (
  id INTEGER NOT NULL, source VARCHAR NOT NULL, key VARCHAR NOT NULL, namespace VARCHAR, detail VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS connection_nodes (id INTEGER NOT NULL, source VARCHAR NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS connection_node_hours (hour INTEGER NOT NULL, node INTEGER NOT NULL);
`;
