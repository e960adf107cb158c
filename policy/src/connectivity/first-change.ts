import { keysOf, keysPerProtocol, protocolAt } from '../model/protocol.ts';
import type { Protocol } from '../model/protocol.ts';
import { intervalSet, subtract, union } from './interval-set.ts';
import type { IntervalSet } from './interval-set.ts';
import type { Connection } from './outcome-table.ts';

/** The lowest protocol and port that only one of two lists has. */
export function firstChange(
  before: readonly Connection[],
  after: readonly Connection[],
): { readonly protocol: Protocol; readonly port: number } | undefined {
  const [old, next] = [keysIn(before), keysIn(after)];
  const [key] = union(subtract(next, old), subtract(old, next));
  return key === undefined ? undefined : { protocol: protocolAt(key), port: key % keysPerProtocol };
}

function keysIn(connections: readonly Connection[]): IntervalSet {
  return intervalSet(
    connections.flatMap(({ protocol, ports }) =>
      (ports.length === 0 ? [[0, 0] as const] : ports).map(([first, last]) => {
        const keys = keysOf(protocol, first, last);
        return [keys.first, keys.last] as const;
      }),
    ),
  );
}
