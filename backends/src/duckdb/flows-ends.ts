import { namespaceHere, peerName } from '@bartizan/flow';
import type { FlowEndpoint } from '@bartizan/flow';
import type { DuckDBConnection } from '@duckdb/node-api';
import { lineOf, linesOf, nextOf, valuesOf } from './columns.ts';

/** What an end has in all of its events: `flow_ends` keeps it once. */
export type StoredEnd = Omit<FlowEndpoint, 'ip' | 'port' | 'names'>;

export interface EndRef {
  /** Its number in `flow_ends`; 0 until it has one. */
  id: number;
  readonly end: StoredEnd;
  readonly text: string;
  /** Empty where it has none. */
  readonly namespace: string;
  /** How it is called; null where that is told by its address. */
  readonly name: string | null;
}

/** Numbers for the ends of flow events. */
export interface FlowEnds {
  refOf(end: FlowEndpoint): EndRef;
  /** Numbers those that were asked for since. */
  number(connection: DuckDBConnection): Promise<void>;
  /** What was numbered in a transaction that failed is not there, and numbers of what was dropped are free again. */
  forget(): void;
}

const mostRemembered = 20_000;

export function createFlowEnds(): FlowEnds {
  let known = new Map<string, EndRef>();
  /** Of events that one reader read, those of one end have the same list of labels: a quick way to it. */
  let byLabels = new WeakMap<readonly string[], EndRef>();
  let asked = new Map<string, EndRef>();

  function forget(): void {
    known = new Map();
    byLabels = new WeakMap();
    asked = new Map();
  }

  return {
    refOf(end) {
      const alike = byLabels.get(end.labels);
      if (alike !== undefined && isSame(alike.end, end)) return alike;
      const text = JSON.stringify(storedEnd(end));
      let ref = known.get(text);
      if (ref === undefined) {
        ref = newRef(end, text);
        known.set(text, ref);
        asked.set(text, ref);
      }
      byLabels.set(end.labels, ref);
      return ref;
    },
    async number(connection) {
      if (asked.size === 0) return;
      const found = await connection.runAndReadAll(
        `SELECT detail, id FROM flow_ends WHERE detail IN (SELECT ${valuesOf(1, 'VARCHAR')})`,
        [linesOf(asked.keys())],
      );
      for (const [text, id] of found.getRows()) {
        const ref = asked.get(String(text));
        if (ref) ref.id = Number(id);
      }
      const added = [...asked.values()].filter(({ id }) => id === 0);
      asked = new Map();
      if (added.length > 0) await add(connection, added);
      if (known.size > mostRemembered) forget();
    },
    forget,
  };
}

async function add(connection: DuckDBConnection, added: readonly EndRef[]): Promise<void> {
  const next = await nextOf(connection, 'flow_ends');
  for (const [place, ref] of added.entries()) ref.id = next + place;
  await connection.run(`INSERT INTO flow_ends SELECT ${valuesOf(1, 'INTEGER')}, ${valuesOf(2, 'VARCHAR')}`, [
    linesOf(added.map(({ id }) => id)),
    linesOf(added.map(({ text }) => text)),
  ]);
}

function newRef(end: FlowEndpoint, text: string): EndRef {
  const isAddress = end.workload === null && end.pod === null && end.entity?.startsWith('world') === true;
  const name = isAddress ? null : lineOf(peerName(end));
  return { id: 0, end, text, namespace: lineOf(namespaceHere(end) ?? ''), name };
}

function storedEnd({ ip: _ip, port: _port, names: _names, ...end }: FlowEndpoint): StoredEnd {
  return end;
}

function isSame(a: StoredEnd, b: StoredEnd): boolean {
  return (
    a.workload === b.workload &&
    a.pod === b.pod &&
    a.namespace === b.namespace &&
    a.identity === b.identity &&
    a.entity === b.entity &&
    a.cluster === b.cluster &&
    a.isRemote === b.isRemote
  );
}
