import { placeOf } from '../model/protocol.ts';
import type { Category } from './classify.ts';
import type { ConnectionColumns, ObservedEnd, Outcome } from './observed.ts';
import type { Stand } from './stand.ts';

export interface ReasonInput {
  readonly category: Category;
  readonly outcome: Outcome;
  readonly columns: ConnectionColumns;
  readonly connection: number;
  readonly ends: readonly ObservedEnd[];
  readonly stand: Stand;
}

/** Why a connection is in its category, where that is not plain from the category itself. */
export function reasonOf(input: ReasonInput): string | undefined {
  const { category, outcome } = input;
  switch (category) {
    case 'unknown':
      return whyUnknown(input);
    case 'audited':
      return 'recorded in audit mode: it passes now and is denied once policies are enforced';
    case 'disagrees':
      return outcome === 'forwarded'
        ? 'it was let through, but the policies given as before deny it'
        : 'it was denied, but the policies given as before allow it';
    case 'newlyAllowed':
      return outcome === 'audit' ? 'recorded in audit mode: it was to be denied' : undefined;
    default:
      return undefined;
  }
}

function whyUnknown({ outcome, columns, connection, ends, stand }: ReasonInput): string {
  const [from, to] = [columns.from[connection] ?? 0, columns.to[connection] ?? 0];
  const missing = ends[from]?.missing ?? ends[to]?.missing;
  if (missing !== undefined) return missing;
  if (placeOf(columns.protocols[columns.protocol[connection] ?? 0] ?? '') < 0) return 'its protocol was not recorded';
  if ((columns.port[connection] ?? -1) < 0) return 'its port was not recorded';
  const error = undecidedOf(from, to, stand);
  if (error !== undefined) return error;
  if (outcome === 'unknown')
    return columns.unknownBecause(connection) ?? 'its recorded verdict says neither forwarded nor dropped';
  const target = ends[to];
  if (target?.endpoint?.cidr !== undefined)
    return `no DNS name was recorded for ${target.name}, and a policy allows by name`;
  const slots = [from, to].map((end) => stand.engine.state.slots.get(String(end)));
  return slots.find((slot) => slot?.error !== undefined)?.error ?? 'it cannot be judged';
}

function undecidedOf(from: number, to: number, stand: Stand): string | undefined {
  const asked = [[from, 'egress'] as const, [to, 'ingress'] as const].filter(([end]) => stand.enforced[end] === 1);
  return asked
    .map(([end, direction]) => stand.offsetOf(end, direction, 0))
    .find((offset) => typeof offset === 'string');
}
